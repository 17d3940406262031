namespace Lb.Kernel;

/// <summary>Datagrams of a relayed UDP service, since the relay was made.</summary>
/// <param name="ToBackend">Sent to backends.</param>
/// <param name="ToClient">Sent to clients.</param>
/// <param name="Full">Dropped because as many flows were open as may be, and the client had none.</param>
/// <param name="Lost">Dropped because a buffer was full, or the kernel refused to send them.</param>
public sealed record DatagramCounts(long ToBackend, long ToClient, long Full, long Lost);
