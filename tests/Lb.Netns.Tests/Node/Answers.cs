namespace Lb.Netns.Tests.Node;

/// <summary>What scenarios read of <c>GET /api/v1/services</c>.</summary>
internal sealed record ServicesAnswer(IReadOnlyList<ServiceAnswer> Services);

internal sealed record ServiceAnswer(
    string Name, bool InKernel, string Digest, int Slots, int MovedSlots, IReadOnlyList<BackendAnswer> Backends);

internal sealed record BackendAnswer(string Name, string State, int Slots);

/// <summary>What scenarios read of <c>GET /api/v1/node</c>.</summary>
internal sealed record NodeAnswer(IReadOnlyList<InterfaceAnswer> Interfaces, IReadOnlyDictionary<string, CounterAnswer> Verdicts);

internal sealed record InterfaceAnswer(string Interface, string Attach);

internal sealed record CounterAnswer(ulong Packets, ulong Bytes);
