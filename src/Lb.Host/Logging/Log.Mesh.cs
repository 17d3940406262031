using Lb.Cluster.Certificates;
using Lb.Cluster.Transport;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Logging;

/// <summary>What is logged of the traffic between nodes.</summary>
internal static partial class Log
{
    [LoggerMessage(3620, LogLevel.Information, "Cluster: connected to {Peer}; both speak version {Version} of the protocol.")]
    public static partial void MeshConnected(this ILogger log, string peer, int version);

    [LoggerMessage(3621, LogLevel.Information, "Cluster: the connection to {Peer} has ended: {Why}. It is made anew when there is something to say.")]
    public static partial void MeshLost(this ILogger log, string peer, string why);

    [LoggerMessage(3622, LogLevel.Warning, "Cluster: {Peer} cannot be connected to: {Why}. It is tried again.")]
    public static partial void MeshNotConnected(this ILogger log, string peer, string why);

    [LoggerMessage(3623, LogLevel.Warning, "Cluster: {Peer} is refused: {Refusal}.")]
    public static partial void MeshRefused(this ILogger log, string peer, CertificateRefusal refusal);

    [LoggerMessage(3624, LogLevel.Error, "Cluster: {Peer} and this node have no version of the protocol in common: it speaks {Theirs}, and this node {Ours}. Upgrade the older of the two, one release at a time.")]
    public static partial void MeshIncompatible(this ILogger log, string peer, ProtocolVersions theirs, ProtocolVersions ours);

    [LoggerMessage(3625, LogLevel.Error, "Cluster: a message of {Length} bytes for {Peer} is dropped, as none may have more than {Limit}.")]
    public static partial void MeshTooLong(this ILogger log, string peer, int length, int limit);

    [LoggerMessage(3626, LogLevel.Error, "Cluster: {Peer} sent a frame of {Length} bytes, and none may have more than {Limit}; the stream is ended.")]
    public static partial void MeshFrameTooLong(this ILogger log, string peer, long length, int limit);

    [LoggerMessage(3627, LogLevel.Warning, "Cluster: {Peer} sent a message in the name of {Claimed}; it is dropped. A node speaks for itself alone: see lb.cluster.host and port of both.")]
    public static partial void MeshFalseSender(this ILogger log, string peer, string claimed);

    [LoggerMessage(3628, LogLevel.Warning, "Cluster: {Peer} talks in the clear and is not heard: it has no lb.cluster.tls, and this node has. Give it a certificate: 'pbm cluster cert node'.")]
    public static partial void MeshClearText(this ILogger log, string peer);

    [LoggerMessage(3629, LogLevel.Warning, "Cluster: {Peer} does not hear this node, as it takes nothing but TLS, and this node has no lb.cluster.tls. Give it a certificate: 'pbm cluster cert node'.")]
    public static partial void MeshTurnedAway(this ILogger log, string peer);

    [LoggerMessage(3630, LogLevel.Information, "Cluster: other certificates are in use from now on; they end at {Until:u}.")]
    public static partial void MeshCertificatesRead(this ILogger log, DateTimeOffset until);

    [LoggerMessage(3631, LogLevel.Warning, "Cluster: {Problem}. What was read before is in use, and the files are looked at again.")]
    public static partial void MeshCertificatesUnusable(this ILogger log, string problem);

    [LoggerMessage(3632, LogLevel.Warning, "Cluster: this node's certificate ends at {Until:u}; the others refuse it from then on. Renew it: 'pbm cluster cert node --force'.")]
    public static partial void MeshCertificateEnds(this ILogger log, DateTimeOffset until);

    [LoggerMessage(3633, LogLevel.Error, "Cluster: this node's certificate has ended at {Until:u}, and the others refuse it. Renew it: 'pbm cluster cert node --force'.")]
    public static partial void MeshCertificateEnded(this ILogger log, DateTimeOffset until);

    [LoggerMessage(3634, LogLevel.Warning, "Cluster: nodes talk in the clear by UDP: whoever reaches {Address} can pretend to be one. Make certificates with 'pbm cluster cert' and name them in lb.cluster.tls.")]
    public static partial void MeshInTheClear(this ILogger log, string address);

    [LoggerMessage(3635, LogLevel.Error, "Cluster: this node's certificate is not taken by others: {Refusal}.")]
    public static partial void MeshUnfit(this ILogger log, CertificateRefusal refusal);
}
