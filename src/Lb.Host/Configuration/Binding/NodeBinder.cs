using System.Net;
using Lb.Actors;
using Lb.Cluster.Certificates;
using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>Makes the node's options from a configuration that was found right.</summary>
internal static class NodeBinder
{
    public static NodeOptions Bind(SectionValues lb)
    {
        SectionValues kernel = lb.Get(NodeKeys.Kernel.Key);
        SectionValues journal = lb.Get(NodeKeys.Journal.Key);
        SectionValues admin = lb.Get(NodeKeys.Admin.Key);
        SectionValues log = lb.Get(NodeKeys.Log.Key);
        SectionValues metrics = lb.Get(NodeKeys.Metrics.Key);
        SectionValues shutdown = lb.Get(NodeKeys.Shutdown.Key);
        return new NodeOptions(
            lb.Get(NodeKeys.Site),
            [.. lb.Get(NodeKeys.Interfaces).Select(i => i.Value)],
            lb.Get(NodeKeys.Attach),
            (uint)lb.Get(NodeKeys.HashSeed),
            new KernelOptions(
                kernel.Get(NodeKeys.Kernel.BpfFs),
                (int)kernel.Get(NodeKeys.Kernel.MaxServices),
                (int)kernel.Get(NodeKeys.Kernel.MaxBackends),
                (int)kernel.Get(NodeKeys.Kernel.MaxFlows),
                (int)kernel.Get(NodeKeys.Kernel.InsertRate),
                kernel.Get(NodeKeys.Kernel.RelayConntrack),
                (int)kernel.Get(NodeKeys.Kernel.MaxClients)),
            new JournalOptions(
                journal.Get(NodeKeys.Journal.Provider),
                journal.Get(NodeKeys.Journal.Directory),
                journal.Get(NodeKeys.Journal.ConnectionString)),
            BindCluster(lb.Get(ClusterKeys.Key), lb.Get(NodeKeys.Site)),
            new IPEndPoint(admin.Get(NodeKeys.Admin.Host), (int)admin.Get(NodeKeys.Admin.Port)),
            new AccessOptions(admin.Get(NodeKeys.Admin.LocalRole), BindRemote(admin.Get(NodeKeys.Admin.Remote.Key))),
            lb.Get(NodeKeys.FlowLog.Key).Get(NodeKeys.FlowLog.Path),
            new LogOptions(log.Get(NodeKeys.Log.Level), log.Get(NodeKeys.Log.Format)),
            new MetricsOptions(
                metrics.Get(NodeKeys.Metrics.OtlpEndpoint) is { Length: > 0 } endpoint ? new Uri(endpoint) : null,
                metrics.Get(NodeKeys.Metrics.OtlpProtocol),
                metrics.Get(NodeKeys.Metrics.Interval)),
            new ShutdownOptions(
                shutdown.Get(NodeKeys.Shutdown.Drain), shutdown.Get(NodeKeys.Shutdown.KeepForwarding)))
        {
            Announce = AnnounceBinder.Bind(lb),
            FullNat = BindFullNat(lb.Get(FullNatKeys.Key)),
            Spread = BindSpread(lb.Get(SpreadKeys.Key)),
        };
    }

    private static SpreadWish BindSpread(SectionValues spread) =>
        spread.Get(SpreadKeys.Cpus) with { Queue = (int)spread.Get(SpreadKeys.Queue) };

    private static FullNatSettings BindFullNat(SectionValues fullNat)
    {
        PortRange ports = fullNat.Get(FullNatKeys.Ports);
        return new FullNatSettings(
            [.. fullNat.Get(FullNatKeys.Addresses).Select(a => new FullNatSource(a.Value, ports.First, ports.Last))],
            fullNat.Get(FullNatKeys.Linger));
    }

    private static ClusterOptions? BindCluster(SectionValues cluster, string site) =>
        cluster.Get(ClusterKeys.Host) is not { } host ? null : new ClusterOptions(
            new IPEndPoint(host, (int)cluster.Get(ClusterKeys.Port)),
            cluster.Get(ClusterKeys.Name) ?? site,
            [.. cluster.Get(ClusterKeys.Roles).Select(role => role.Value)],
            new JournalOptions(
                cluster.Get(ClusterKeys.Provider),
                cluster.Get(ClusterKeys.Directory),
                cluster.Get(ClusterKeys.ConnectionString)),
            BindTls(cluster.Get(ClusterKeys.Tls.Key)))
        {
            Probers = (int)cluster.Get(ClusterKeys.Probers),
        };

    private static CertificateFiles? BindTls(SectionValues tls) =>
        tls.Get(ClusterKeys.Tls.Certificate) is not { } certificate ? null : new CertificateFiles(
            tls.Get(ClusterKeys.Tls.Authorities)!, certificate, tls.Get(ClusterKeys.Tls.PrivateKey)!);

    private static RemoteOptions? BindRemote(SectionValues remote) =>
        remote.Get(NodeKeys.Admin.Remote.Host) is not { } host ? null : new RemoteOptions(
            new IPEndPoint(host, (int)remote.Get(NodeKeys.Admin.Remote.Port)),
            remote.Get(NodeKeys.Admin.Remote.Certificate)!,
            remote.Get(NodeKeys.Admin.Remote.PrivateKey)!);
}
