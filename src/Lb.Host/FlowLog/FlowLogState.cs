using Lb.Kernel;

namespace Lb.Host.FlowLog;

/// <summary>What others have to do with the writer of the flow log. Safe from every thread.</summary>
internal sealed class FlowLogState
{
    private long _unwritten;
    private int _reopen;

    /// <summary>Events that came from the kernel and could not be written.</summary>
    public long Unwritten => Interlocked.Read(ref _unwritten);

    /// <summary>What relays log; null where there is none.</summary>
    public IRelayFlowLog? Relays { get; set; }

    /// <summary>Wakes the writer.</summary>
    public Action? Wake { get; set; }

    public void AddUnwritten(int events) => Interlocked.Add(ref _unwritten, events);

    /// <summary>Has the writer open its file anew, as after it was moved away.</summary>
    public void Reopen()
    {
        Volatile.Write(ref _reopen, 1);
        Wake?.Invoke();
    }

    /// <summary>Whether that was asked for since it was last asked here.</summary>
    public bool TakeReopen() => Interlocked.Exchange(ref _reopen, 0) == 1;
}
