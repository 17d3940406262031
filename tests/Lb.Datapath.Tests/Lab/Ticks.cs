using System.Diagnostics;
using Lb.Kernel.Datapath;
using Lb.Testing;

namespace Lb.Datapath.Tests.Lab;

/// <summary>The unit of time of the budgets, for tests that depend on where in it they run.</summary>
internal static class Ticks
{
    private const int Attempts = 5;

    /// <summary>The program reads a coarse clock, which is behind by less than this.</summary>
    private const long Slack = 20_000_000;

    private const long LatestStart = Tick.Nanoseconds * 8 / 10;

    /// <summary>Runs something that takes milliseconds within one tick.</summary>
    public static void InOne(Action body) => Spanning(0, body);

    /// <summary>Runs something that awaits the next tick so many times, again when the machine was too slow.</summary>
    public static void Spanning(uint ticks, Action body)
    {
        for (int attempt = 1; ; attempt++)
        {
            Wait.Until(() => Position is > Slack and < LatestStart, "a tick that has just begun");
            uint start = Tick.Now;
            try
            {
                body();
                return;
            }
            catch (Exception) when (Tick.Now - start != ticks && attempt < Attempts)
            {
                // Interrupted for a second: what was seen belongs to several ticks.
            }
        }
    }

    public static void AwaitNext()
    {
        uint now = Tick.Now;
        Wait.Until(() => Tick.Now != now && Position > Slack, "the next tick");
    }

    private static long Position =>
        Stopwatch.GetElapsedTime(0, Stopwatch.GetTimestamp()).Ticks * 100 % Tick.Nanoseconds;
}
