using Lb.Kernel.Handover;

namespace Lb.Kernel.Relays;

/// <summary>A socket of a UDP service at its VIP, and the flows that the process before this one had by it.</summary>
internal sealed record TakenDatagrams(int Socket)
{
    public List<TakenFlow> Flows { get; } = [];
}

/// <summary>A flow of the process before this one.</summary>
/// <param name="Flow">What it says of it.</param>
/// <param name="Socket">Connected to the backend.</param>
internal sealed record TakenFlow(FlowPart Flow, int Socket);
