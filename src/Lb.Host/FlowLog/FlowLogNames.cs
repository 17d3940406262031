using Lb.Actors;

namespace Lb.Host.FlowLog;

/// <summary>The names that hold now. Set by an actor, read by the writer's thread.</summary>
internal sealed class FlowLogNames
{
    private volatile KernelNames _current = KernelNames.None;

    public KernelNames Current
    {
        get => _current;
        set => _current = value;
    }
}
