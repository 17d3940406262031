using Microsoft.Extensions.Logging;

namespace Lb.Kernel;

/// <summary>Every message of this assembly.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "libbpf: {Text}")]
    public static partial void LibBpfWarned(ILogger logger, string text);

    [LoggerMessage(1002, LogLevel.Debug, "libbpf: {Text}")]
    public static partial void LibBpfSaid(ILogger logger, string text);

    [LoggerMessage(1003, LogLevel.Information,
        "Site {Site}: maps made and pinned under {Path}; they outlive this process until it is told to clean up")]
    public static partial void MapsMade(ILogger logger, string site, string path);

    [LoggerMessage(1004, LogLevel.Information,
        "Site {Site}: maps of an earlier start adopted from {Path}; its services and flows go on")]
    public static partial void MapsAdopted(ILogger logger, string site, string path);

    [LoggerMessage(1018, LogLevel.Information,
        "Site {Site}: {Maps} maps of another release or size carried over with {Copied} entries in {Milliseconds} ms; {CaughtUp} that came "
        + "meanwhile followed, {Lost} did not fit, {Evicted} made room for others")]
    public static partial void MapsCarriedOver(
        ILogger logger, string site, int maps, long copied, long milliseconds, long caughtUp, long lost, long evicted);

    [LoggerMessage(1019, LogLevel.Warning,
        "Site {Site}: a start that was killed had put new maps in force and not ended; {Count} entries that came meanwhile are copied, and it is ended")]
    public static partial void ExchangeTakenUp(ILogger logger, string site, long count);

    [LoggerMessage(1005, LogLevel.Warning,
        "Site {Site}: {Path} held what a start that failed had left; removed, and started afresh")]
    public static partial void LeftoversRemoved(ILogger logger, string site, string path);

    [LoggerMessage(1006, LogLevel.Information, "XDP attached to {Interface} in the driver (native)")]
    public static partial void AttachedNative(ILogger logger, string @interface);

    [LoggerMessage(1007, LogLevel.Warning,
        "XDP attached to {Interface} generically, which is slower: {Reason}")]
    public static partial void AttachedGeneric(ILogger logger, string @interface, string reason);

    [LoggerMessage(1017, LogLevel.Information, "XDP is not attached to {Interface}: {Reason}")]
    public static partial void NotAttached(ILogger logger, string @interface, string reason);

    [LoggerMessage(1008, LogLevel.Information, "XDP on {Interface} replaced with this version, no packet lost")]
    public static partial void ProgramReplaced(ILogger logger, string @interface);

    [LoggerMessage(1009, LogLevel.Information, "XDP detached from interface {Index}: {Why}")]
    public static partial void Detached(ILogger logger, string index, string why);

    [LoggerMessage(1010, LogLevel.Information, "BPF file system mounted at {Path}")]
    public static partial void BpfFsMounted(ILogger logger, string path);

    [LoggerMessage(1011, LogLevel.Information, "Site {Site}: links, program and maps removed; the kernel is clean")]
    public static partial void CleanedUp(ILogger logger, string site);

    [LoggerMessage(1012, LogLevel.Warning,
        "Starting site {Site} failed; undoing what it changed also failed: {Error}. Clean up with lbd --cleanup")]
    public static partial void UndoFailed(ILogger logger, string site, string error);

    [LoggerMessage(1013, LogLevel.Warning, "Listening for routes and neighbours failed: {Error}; they are looked up at the periodic check only")]
    public static partial void MonitorFailed(ILogger logger, string error);

    [LoggerMessage(1014, LogLevel.Warning,
        "Relay of {Vip}: no socket to be had ({Errno}); connections wait, and it is tried again")]
    public static partial void RelayOutOfSockets(ILogger logger, Endpoint vip, string errno);

    [LoggerMessage(1021, LogLevel.Information,
        "Packets of services are spread over CPUs from now on: {Cpus}; {Queue} frames wait for each at most")]
    public static partial void Spread(ILogger logger, SpreadWish cpus, int queue);

    [LoggerMessage(1022, LogLevel.Information, "Packets are no longer spread over CPUs: each is handled by the one that it comes to")]
    public static partial void NotSpread(ILogger logger);

    [LoggerMessage(1023, LogLevel.Warning,
        "CPUs that packets are to be spread over are offline: {Cpus}; the others get theirs until the self-check finds them back")]
    public static partial void CpusOffline(ILogger logger, string cpus);

    [LoggerMessage(1040, LogLevel.Warning,
        "Relay of {Vip}: a flow has no socket ({Errno}); what new clients send is dropped and counted as refused until there is one")]
    public static partial void DatagramFlowFailed(ILogger logger, Endpoint vip, string errno);

    [LoggerMessage(1015, LogLevel.Critical, "A thread that relays connections has failed; the process ends")]
    public static partial void RelayLoopFailed(ILogger logger, Exception reason);

    [LoggerMessage(1170, LogLevel.Warning,
        "The kernel cannot carry relayed connections: {Reason}; the loop carries those of services with relay.engine = sockmap")]
    public static partial void SockmapRefused(ILogger logger, string reason);

    [LoggerMessage(1016, LogLevel.Warning, "{Vip} is no longer relayed: {Open} connections that were taken over are reset")]
    public static partial void RelayUnclaimed(ILogger logger, Endpoint vip, long open);
}
