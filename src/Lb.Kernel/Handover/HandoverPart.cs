using System.Text.Json.Serialization;

namespace Lb.Kernel.Handover;

/// <summary>A message of one process to the one that takes its place.</summary>
/// <remarks>
/// The two can be of different versions: what is added later has a default, what is not known is skipped.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ReadyPart), "ready")]
[JsonDerivedType(typeof(FreePart), "free")]
[JsonDerivedType(typeof(TakePart), "take")]
[JsonDerivedType(typeof(ListenerPart), "listener")]
[JsonDerivedType(typeof(ConnectionPart), "connection")]
[JsonDerivedType(typeof(WaitingPart), "waiting")]
[JsonDerivedType(typeof(SocketMapPart), "socket-map")]
[JsonDerivedType(typeof(DatagramPart), "datagrams")]
[JsonDerivedType(typeof(FlowPart), "flow")]
[JsonDerivedType(typeof(EndPart), "end")]
internal abstract record HandoverPart;

/// <summary>The successor runs, has read its configuration, and has touched nothing yet.</summary>
/// <param name="Version">Its version, for the log.</param>
internal sealed record ReadyPart(string Version) : HandoverPart;

/// <summary>The other process has ended all but its relays: journal, API and the lock of the site are free.</summary>
internal sealed record FreePart : HandoverPart;

/// <summary>The successor has its tables and can relay.</summary>
/// <param name="Datagrams">It knows what there is of UDP.</param>
internal sealed record TakePart(bool Datagrams = false) : HandoverPart;

/// <summary>A listener: one descriptor.</summary>
/// <param name="Service">What it listens for, as <see cref="Endpoint"/> shows it.</param>
/// <param name="IdleMilliseconds">How long its connections may be idle until the successor knows better.</param>
internal sealed record ListenerPart(string Service, double IdleMilliseconds) : HandoverPart;

/// <summary>
/// A connection that has a backend: two descriptors, the client's and the backend's. The bytes that come with it are those
/// that the backend would not take yet, then those that the client would not.
/// </summary>
/// <param name="Service">The service.</param>
/// <param name="Peer">The client's address and port.</param>
/// <param name="Backend">Socket of the backend.</param>
/// <param name="Client">How the client's side stands.</param>
/// <param name="Server">How the backend's side stands.</param>
/// <param name="Age">Milliseconds since it was accepted.</param>
/// <param name="ToBackend">Payload from the client so far, in bytes.</param>
/// <param name="ToClient">Payload from the backend so far.</param>
/// <param name="Map">The map that both sockets, or one of them, are in; null for none.</param>
internal sealed record ConnectionPart(
    string Service,
    string Peer,
    string Backend,
    SidePart Client,
    SidePart Server,
    long Age,
    long ToBackend,
    long ToClient,
    int? Map = null) : HandoverPart;

/// <summary>
/// A map of sockets that connections which follow are in, and what is known of its sockets: two descriptors. Sockets in it
/// work while somebody has it.
/// </summary>
/// <param name="Number">What connections name it by.</param>
internal sealed record SocketMapPart(int Number) : HandoverPart;

/// <summary>One side of a connection.</summary>
/// <param name="ReadEnded">Its peer has sent a FIN.</param>
/// <param name="WriteEnded">It was sent one.</param>
/// <param name="Waiting">How many bytes wait for it.</param>
/// <param name="Mapped">Its number in the map of sockets; null for one that is in none.</param>
/// <param name="Read">Bytes of it that were read since it is there.</param>
internal sealed record SidePart(bool ReadEnded, bool WriteEnded, int Waiting, uint? Mapped = null, long Read = 0);

/// <summary>A client without a backend, of which nothing was read yet: one descriptor.</summary>
/// <param name="Service">The service.</param>
/// <param name="Peer">The client's address and port.</param>
internal sealed record WaitingPart(string Service, string Peer) : HandoverPart;

/// <summary>
/// A socket of a UDP service at its VIP: one descriptor. The flows of those that come by it follow.
/// </summary>
/// <param name="Service">The service.</param>
/// <param name="First">It is the service's first.</param>
internal sealed record DatagramPart(string Service, bool First) : HandoverPart;

/// <summary>A flow of UDP: one descriptor, connected to the backend.</summary>
/// <param name="Client">The client's address and port.</param>
/// <param name="Proxy">The proxy's that sends for it; null for the client itself.</param>
/// <param name="Backend">Socket of the backend.</param>
/// <param name="Age">Milliseconds since it began.</param>
/// <param name="Idle">Milliseconds since the last datagram.</param>
internal sealed record FlowPart(string Client, string? Proxy, string Backend, long Age, long Idle) : HandoverPart;

/// <summary>That was all; or, from the successor, so much has arrived.</summary>
/// <param name="Listeners">Listeners.</param>
/// <param name="Connections">Connections, those without a backend too, and flows of UDP.</param>
/// <param name="Left">Connections that could not be handed over and were reset.</param>
internal sealed record EndPart(int Listeners, int Connections, int Left) : HandoverPart;

[JsonSerializable(typeof(HandoverPart))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class HandoverJson : JsonSerializerContext;
