using Akka.Subset.Tests.Support;

namespace Lb.Cluster.Tests.Support;

/// <summary>
/// A process in virtual time: all its code runs when the test lets it, in order, on the test's thread. It can be
/// halted as SIGSTOP does, and its clock shows another time of day than others'.
/// </summary>
internal sealed class VirtualProcess(FakeTime time, TimeSpan skew) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Run, object? State)> _due = [];

    internal bool IsHalted { get; set; }

    internal TimeProvider Clock => new SkewedClock(this, time, skew);

    public override void Post(SendOrPostCallback d, object? state) => _due.Enqueue((d, state));

    /// <summary>Runs what is due; returns whether there was anything.</summary>
    internal bool Run()
    {
        var ran = false;
        while (!IsHalted && _due.TryDequeue(out var next))
        {
            ran = true;
            Within(() => next.Run(next.State));
        }

        return ran;
    }

    /// <summary>Begins work in this process.</summary>
    internal void Start(Func<Task> work) => Post(_ => Watch(work()), null);

    private static async void Watch(Task work) => await work;

    private void Within(Action action)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private sealed class SkewedClock(VirtualProcess process, FakeTime time, TimeSpan skew) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + skew;

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            time.CreateTimer(_ => process.Post(value => callback(value), state), null, dueTime, period);
    }
}
