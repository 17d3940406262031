using System.Diagnostics;

namespace Lb.Testing;

/// <summary>Waits for a condition with a deadline, in place of sleeping.</summary>
public static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns as soon as the condition holds; throws when it does not within the time.</summary>
    /// <param name="condition">Looked at again and again.</param>
    /// <param name="what">The condition in words, for the failure.</param>
    /// <param name="within">Deadline; 10 seconds unless told.</param>
    public static void Until(Func<bool> condition, string what, TimeSpan? within = null) =>
        Until(condition, () => what, within);

    /// <summary>Returns as soon as the condition holds; throws when it does not within the time.</summary>
    /// <param name="condition">Looked at again and again.</param>
    /// <param name="what">Says the condition, and how things stand, when it has failed.</param>
    /// <param name="within">Deadline; 10 seconds unless told.</param>
    public static void Until(Func<bool> condition, Func<string> what, TimeSpan? within = null)
    {
        TimeSpan deadline = within ?? TimeSpan.FromSeconds(10);
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > deadline)
            {
                throw new TimeoutException($"Not within {deadline.TotalSeconds:0.#} s: {what()}.");
            }

            Thread.Sleep(Pause);
        }
    }
}
