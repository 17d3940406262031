using Lb.Actors;

namespace Lb.Host.FlowLog;

/// <summary>The names that hold now. Set by an actor, read by the writer's thread.</summary>
internal sealed class FlowLogNames : IDisposable
{
    private readonly ManualResetEventSlim _known = new();
    private volatile KernelNames _current = KernelNames.None;

    public KernelNames Current
    {
        get => _current;
        set
        {
            _current = value;
            _known.Set();
        }
    }

    /// <summary>Waits until there are names, the time is over, or the wait is given up.</summary>
    public void WaitUntilKnown(TimeSpan longest, CancellationToken stop)
    {
        try
        {
            _known.Wait(longest, stop);
        }
        catch (OperationCanceledException)
        {
            // What is read now is told by its numbers.
        }
    }

    public void Dispose() => _known.Dispose();
}
