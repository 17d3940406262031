using System.Collections.Concurrent;
using System.Net.Sockets;
using Lb.Cluster.Certificates;
using Lb.Cluster.Mesh;
using Lb.Cluster.Transport;
using Lb.Host.Configuration;
using Lb.Host.Logging;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Running;

/// <summary>How a node of a cluster talks to others: by TLS where it has certificates, else in the clear.</summary>
internal sealed class NodeTransport
{
    /// <summary>For how long after a word in the clear a peer is said to talk so.</summary>
    private static readonly TimeSpan HeardFor = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, (long Heard, long Told)> _turnedAway = new(StringComparer.Ordinal);

    /// <summary>Prepares it; the clear one is bound at once.</summary>
    /// <exception cref="NodeFailure">The address or the certificates cannot be had.</exception>
    public NodeTransport(ClusterOptions options, ILogger log, TimeProvider time)
    {
        _log = log;
        _time = time;
        string address = $"{options.Address}";
        if (options.Tls is { } files)
        {
            Mesh = new MeshTransport(
                new MeshOptions { Address = address }, Read(options, files), time, report => Tell(log, report));
            Transport = Mesh;
            return;
        }

        Transport = Bind(address);
        log.MeshInTheClear(address);
    }

    /// <summary>What carries messages.</summary>
    public IClusterTransport Transport { get; }

    /// <summary>The same when it is TLS; null when nodes talk in the clear.</summary>
    public MeshTransport? Mesh { get; }

    /// <summary>What is wrong with certificates, or with who has some and who has not; null when nothing is.</summary>
    public string? Problem => Mesh is { } mesh ? OfCertificates(mesh) : OfClearText();

    private string? OfCertificates(MeshTransport mesh)
    {
        TimeSpan left = mesh.Credentials.Current.Until - _time.GetUtcNow();
        return left <= TimeSpan.Zero ? "the certificate of this node has expired: renew it with 'pbm cluster cert node'"
            : mesh.Credentials.Problem is { } problem ? problem
            : mesh.InTheClear is { Count: > 0 } clear
                ? $"{string.Join(", ", clear)} talks in the clear, and this node by TLS: all or none are to have lb.cluster.tls"
            : null;
    }

    private string? OfClearText()
    {
        string[] heard =
        [
            .. _turnedAway.Where(peer => _time.GetElapsedTime(peer.Value.Heard) < HeardFor)
                .Select(peer => peer.Key).Order(StringComparer.Ordinal),
        ];
        return heard.Length == 0 ? null
            : $"{string.Join(", ", heard)} takes nothing but TLS, and this node has none: all or none are to have lb.cluster.tls";
    }

    private CredentialSource Read(ClusterOptions options, CertificateFiles files)
    {
        CredentialSource source;
        try
        {
            source = new CredentialSource(files, options.Name, options.Address.Address, _time);
        }
        catch (CredentialsException e)
        {
            throw new NodeFailure(e.Message, e);
        }

        // One that has only expired is no reason not to balance: it is renewed while the node runs.
        if (source.Current.Unfit is { } refusal)
        {
            if (refusal.Reason is not (RefusalReason.Expired or RefusalReason.NotYetValid))
            {
                throw new NodeFailure($"{files.Certificate} (lb.cluster.tls.certificate) cannot be used: {refusal}.");
            }

            _log.MeshUnfit(refusal);
        }

        return source;
    }

    private UdpTransport Bind(string address)
    {
        try
        {
            return new UdpTransport(address, TurnedAway);
        }
        catch (SocketException e)
        {
            throw CannotBind(address, e);
        }
    }

    /// <summary>An address that cannot be bound.</summary>
    public static NodeFailure CannotBind(string address, Exception e) => new(
        $"{address} (lb.cluster.host and port) cannot be bound: {e.Message.TrimEnd('.')}. Choose another.", e);

    private void TurnedAway(string peer)
    {
        if (!_turnedAway.ContainsKey(peer) && _turnedAway.Count >= 64)
        {
            return;
        }

        long now = _time.GetTimestamp();
        bool isKnown = _turnedAway.TryGetValue(peer, out (long Heard, long Told) last);
        bool isDue = !isKnown || _time.GetElapsedTime(last.Told, now) >= LogInterval;
        _turnedAway[peer] = (now, isDue ? now : last.Told);
        if (isDue)
        {
            _log.MeshTurnedAway(peer);
        }
    }

    private static void Tell(ILogger log, MeshReport report)
    {
        switch (report)
        {
            case MeshReport.Connected connected:
                log.MeshConnected(connected.Peer, connected.Version);
                break;
            case MeshReport.Lost lost:
                log.MeshLost(lost.Peer, lost.Why);
                break;
            case MeshReport.NotConnected failed:
                log.MeshNotConnected(failed.Peer, failed.Why);
                break;
            case MeshReport.Refused refused:
                log.MeshRefused(refused.Peer, refused.Refusal);
                break;
            case MeshReport.Incompatible incompatible:
                log.MeshIncompatible(incompatible.Peer, incompatible.Theirs, incompatible.Ours);
                break;
            case MeshReport.TooLong message:
                log.MeshTooLong(message.Peer, message.Length, message.Limit);
                break;
            case MeshReport.FrameTooLong frame:
                log.MeshFrameTooLong(frame.Peer, frame.Length, frame.Limit);
                break;
            case MeshReport.FalseSender liar:
                log.MeshFalseSender(liar.Peer, liar.Claimed);
                break;
            case MeshReport.ClearText clear:
                log.MeshClearText(clear.Peer);
                break;
            case MeshReport.CertificatesRead read:
                log.MeshCertificatesRead(read.Until);
                break;
            case MeshReport.CertificatesUnusable unusable:
                log.MeshCertificatesUnusable(unusable.Why);
                break;
            case MeshReport.Expiring { IsOver: true } over:
                log.MeshCertificateEnded(over.Until);
                break;
            case MeshReport.Expiring soon:
                log.MeshCertificateEnds(soon.Until);
                break;
        }
    }
}
