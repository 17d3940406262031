using System.Net;

namespace Lb.Kernel;

/// <summary>What became of a relayed connection, for the flow log.</summary>
/// <param name="Time">When.</param>
/// <param name="End">Why it ended; null when it has reached its backend.</param>
/// <param name="Client">The client's address.</param>
/// <param name="ClientPort">The client's port.</param>
/// <param name="Vip">The service.</param>
/// <param name="Backend">Its backend; null when it had none.</param>
/// <param name="Slot">The flow's slot in the service's table.</param>
/// <param name="BytesToBackend">Payload from the client.</param>
/// <param name="BytesToClient">Payload from the backend.</param>
/// <param name="Duration">Since it was accepted.</param>
public readonly record struct RelayFlowEvent(
    DateTimeOffset Time,
    RelayEnd? End,
    IPAddress Client,
    ushort ClientPort,
    Endpoint Vip,
    Endpoint? Backend,
    uint Slot,
    long BytesToBackend,
    long BytesToClient,
    TimeSpan Duration);
