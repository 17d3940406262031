using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Actors;

/// <summary>Everything that the actors log: what, which, and what happens next.</summary>
internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Information, "Site {Site}: revision {Revision} holds: {Added} services added, {Changed} changed, {Removed} removed.")]
    public static partial void ConfigApplied(
        this ILogger log, string site, long revision, int added, int changed, int removed);

    [LoggerMessage(2002, LogLevel.Error, "Site {Site}: config refused, what runs stays as it is: {Reason}.")]
    public static partial void ConfigRefused(this ILogger log, string site, string reason);

    [LoggerMessage(2003, LogLevel.Warning, "Site {Site}: a change made at run time is gone: {Conflict}.")]
    public static partial void ConfigOverruled(this ILogger log, string site, ConfigConflict conflict);

    [LoggerMessage(2004, LogLevel.Error, "Site {Site}: its journal cannot be used: {Reason} Changes of the config are refused until it can; forwarding and health checks go on. It is tried again.")]
    public static partial void JournalFailed(this ILogger log, string site, string reason);

    [LoggerMessage(2005, LogLevel.Information, "Site {Site}: its journal works again, at revision {Revision}.")]
    public static partial void JournalBack(this ILogger log, string site, long revision);

    [LoggerMessage(2006, LogLevel.Error, "Site {Site} starts by its file alone, without what was changed at run time: the journal cannot be read: {Reason}")]
    public static partial void StartedWithoutJournal(this ILogger log, string site, string reason);

    [LoggerMessage(2007, LogLevel.Warning, "Site {Site}: the last verdicts on backends cannot be stored or read: {Reason} Health checks go on; a restart begins with fresh ones.")]
    public static partial void VerdictsFailed(this ILogger log, string site, string reason);

    [LoggerMessage(2008, LogLevel.Warning, "Site {Site}: a snapshot in the journal cannot be saved or tidied up: {Reason} Nothing is lost, the next start reads more events.")]
    public static partial void SnapshotFailed(this ILogger log, string site, string reason);

    [LoggerMessage(2009, LogLevel.Warning, "Site {Site}: a change is refused, what runs stays as it is: {Excesses}.")]
    public static partial void ConfigLimited(this ILogger log, string site, string excesses);

    [LoggerMessage(2016, LogLevel.Error, "Site {Site}: the tokens of its API cannot be stored or read: {Reason} Those that are known hold on; none is made or revoked until it works.")]
    public static partial void TokensFailed(this ILogger log, string site, string reason);

    [LoggerMessage(2010, LogLevel.Information, "Service {Service} ({Vip}): taken over from the kernel with {Slots} slots ({Moved} moved), digest {Digest}.")]
    public static partial void ServiceAdopted(
        this ILogger log, string service, Endpoint vip, int slots, int moved, string digest);

    [LoggerMessage(2011, LogLevel.Information, "Service {Service}: generation {Revision}: {Slots} slots, {Moved} moved, digest {Digest}.")]
    public static partial void GenerationBuilt(
        this ILogger log, string service, long revision, int slots, int moved, string digest);

    [LoggerMessage(2012, LogLevel.Warning, "Service {Service} ({Vip}) has no backend for new flows; they are dropped until one is up.")]
    public static partial void NoBackend(this ILogger log, string service, Endpoint vip);

    [LoggerMessage(2013, LogLevel.Warning, "Service {Service}: its table changes from {Before} to {After} slots; a few flows on moved slots may lose their backend.")]
    public static partial void TableResized(this ILogger log, string service, int before, int after);

    [LoggerMessage(2014, LogLevel.Error, "Service {Service}: revision {Revision} is not in the kernel: {Reason}. It is tried again.")]
    public static partial void ServiceNotWritten(this ILogger log, string service, long revision, string reason);

    [LoggerMessage(2020, LogLevel.Information, "Backend {Backend} ({Socket}) of {Service}: {Before} → {After}.")]
    public static partial void BackendChanged(
        this ILogger log, string service, string backend, Endpoint socket, BackendState before, BackendState after);

    [LoggerMessage(2021, LogLevel.Warning, "Backend {Backend} ({Socket}) of {Service} is down; its flows move on.")]
    public static partial void BackendDown(this ILogger log, string service, string backend, Endpoint socket);

    [LoggerMessage(2022, LogLevel.Information, "Backend {Backend} ({Socket}) of {Service} has no flow left and is forgotten.")]
    public static partial void BackendForgotten(this ILogger log, string service, string backend, Endpoint socket);

    [LoggerMessage(2023, LogLevel.Information, "Probe of {Backend} ({Socket}): {Detail}; it is now {Verdict}.")]
    public static partial void ProbeVerdict(
        this ILogger log, string backend, Endpoint socket, string detail, HealthVerdict verdict);

    [LoggerMessage(2024, LogLevel.Debug, "Probe of {Backend} ({Socket}) failed: {Detail}.")]
    public static partial void ProbeFailed(this ILogger log, string backend, Endpoint socket, string detail);

    [LoggerMessage(2030, LogLevel.Information, "Kernel read: {Services} services and {Backends} backends are taken over.")]
    public static partial void KernelRead(this ILogger log, int services, int backends);

    [LoggerMessage(2031, LogLevel.Debug, "Kernel written: {Writes} writes.")]
    public static partial void KernelWritten(this ILogger log, int writes);

    [LoggerMessage(2032, LogLevel.Error, "Kernel: {What}: {Reason} It is tried again.")]
    public static partial void KernelFailed(this ILogger log, string what, string reason, Exception? exception);

    [LoggerMessage(2033, LogLevel.Information, "Kernel: working again.")]
    public static partial void KernelRecovered(this ILogger log);

    [LoggerMessage(2034, LogLevel.Warning, "The kernel differed from what was written ({Count}): {Differences}. Repaired: {Repairs}.")]
    public static partial void KernelDrifted(this ILogger log, int count, string differences, string repairs);

    [LoggerMessage(2037, LogLevel.Error, "The kernel differs from what was written and cannot be repaired: {What}: {Reason} It is tried again at each check.")]
    public static partial void KernelUnrepaired(this ILogger log, string what, string reason);

    [LoggerMessage(2035, LogLevel.Error, "Service {Vip} is refused by the kernel bridge: {Reason}. What it had stays.")]
    public static partial void ServiceRefused(this ILogger log, Endpoint vip, string reason);

    [LoggerMessage(2036, LogLevel.Warning, "Backends are reached by interface {Index}, which is not among lb.interfaces: most drivers drop what native XDP sends to it. List it there, or say datapath = tc for their services.")]
    public static partial void ExitUnlisted(this ILogger log, int index);

    [LoggerMessage(2038, LogLevel.Warning, "All services are forwarded at traffic control: {Reason}.")]
    public static partial void AllByTrafficControl(this ILogger log, string reason);

    [LoggerMessage(2040, LogLevel.Debug, "{Count} flow entries removed.")]
    public static partial void FlowsForgotten(this ILogger log, int count);

    [LoggerMessage(2041, LogLevel.Debug, "Service {Service}: sweep: {Clean} slots become clean, {WindowOver} have their window over, {Stale} entries go.")]
    public static partial void Swept(this ILogger log, string service, int clean, int windowOver, int stale);

    [LoggerMessage(2750, LogLevel.Information, "Service {Service}: this node decides on its backends, term {Term}.")]
    public static partial void VoteOwned(this ILogger log, string service, string term);

    [LoggerMessage(2753, LogLevel.Warning, "Service {Service}: this node's table is another than most nodes have; it is made anew.")]
    public static partial void TableRepaired(this ILogger log, string service);

    [LoggerMessage(2754, LogLevel.Error, "Service {Service}: this node's table stays another than most nodes have ('pbm cluster tables' shows which). It does not answer for VIPs until they are equal.")]
    public static partial void TableApart(this ILogger log, string service);

    [LoggerMessage(2755, LogLevel.Information, "Service {Service}: this node's table is that of most nodes again.")]
    public static partial void TableApartOver(this ILogger log, string service);

    [LoggerMessage(2751, LogLevel.Warning, "Service {Service}: this node does not reach backend {Backend}, which other nodes reach: its own path is at fault. Flows that it forwards there are lost.")]
    public static partial void PathFault(this ILogger log, string service, Endpoint backend);

    [LoggerMessage(2752, LogLevel.Information, "Service {Service}: this node and the others agree on backend {Backend} again.")]
    public static partial void PathFaultOver(this ILogger log, string service, Endpoint backend);

    [LoggerMessage(2042, LogLevel.Information, "Service {Service}: its relay listens for {Vip}.")]
    public static partial void RelayOpened(this ILogger log, string service, Endpoint vip);

    [LoggerMessage(2043, LogLevel.Error, "Service {Service}: its relay cannot listen for {Vip}, and nobody is served: {Reason} It is tried again every second.")]
    public static partial void RelayFailed(this ILogger log, string service, Endpoint vip, string reason);

    [LoggerMessage(2060, LogLevel.Warning, "Service {Service}: backend {Backend} is passed over for {Time}: {Failures} failures in a row, the last: {Why}. It is the {Ejections}. time; relay.outlier says when.")]
    public static partial void BackendEjected(
        this ILogger log, string service, Endpoint backend, TimeSpan time, int failures, RelayFailure why, int ejections);

    [LoggerMessage(2061, LogLevel.Information, "Service {Service}: backend {Backend} takes connections of the relay again.")]
    public static partial void BackendReadmitted(this ILogger log, string service, Endpoint backend);

    [LoggerMessage(2062, LogLevel.Warning, "Service {Service}: the time of backend {Backend} to drain is over (relay.drain-timeout): {Open} connections are reset.")]
    public static partial void DrainOver(this ILogger log, string service, Endpoint backend, long open);
}
