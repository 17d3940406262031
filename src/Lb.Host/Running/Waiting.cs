namespace Lb.Host.Running;

/// <summary>Waits that a token ends without an exception.</summary>
internal static class Waiting
{
    /// <summary>Ends when the token is cancelled.</summary>
    public static Task ForAsync(CancellationToken token) => DelayAsync(Timeout.InfiniteTimeSpan, token);

    /// <summary>Ends after a time, or when the token is cancelled.</summary>
    public static async Task DelayAsync(TimeSpan time, CancellationToken token) =>
        await Task.Delay(time, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
