using Lb.Actors;
using Lb.Cluster.Certificates;
using Lb.Host.Configuration;
using Lb.Host.Running;
using Lb.Kernel;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor;

/// <summary>Examines the host that a site runs on, or is to run on, and mends what can be mended without harm.</summary>
internal static class HostDoctor
{
    /// <summary>What one change made visible, as routes of an interface that was down, may ask for another.</summary>
    private const int MostRounds = 3;

    /// <summary>Reads the facts and judges them. It takes up to two seconds and changes nothing.</summary>
    public static DoctorReport Examine(SiteConfig site, NodeOptions node) =>
        Judge(site, node, Fit(node.Cluster, HostReader.Read(ScopeOf(site, node))));

    /// <summary>Judges facts.</summary>
    public static DoctorReport Judge(SiteConfig site, NodeOptions node, HostFacts facts)
    {
        Examination host = new(site, node, facts);
        return new DoctorReport(
            site.Name,
            HostChecks.All.Length,
            [
                .. HostChecks.All
                    .SelectMany(check => check.Examine(host))
                    .OrderBy(finding => finding.Severity),
            ]);
    }

    /// <summary>Makes the changes that findings ask for and are safe, then examines the host again.</summary>
    public static DoctorReport Mend(SiteConfig site, NodeOptions node) =>
        Mend(() => Examine(site, node), HostRepair.Apply);

    /// <summary>The same with what examines and what changes given.</summary>
    internal static DoctorReport Mend(Func<DoctorReport> examine, Func<HostFix, string?> apply)
    {
        DoctorReport report = examine();
        List<AppliedFix> applied = [];
        HashSet<HostFix> tried = [];
        for (int round = 0; round < MostRounds; round++)
        {
            AppliedFix[] made =
            [
                .. report.Findings
                    .Where(finding => finding.Severity != FindingSeverity.Info)
                    .SelectMany(finding => finding.Fixes
                        .Where(tried.Add)
                        .Select(fix => new AppliedFix(finding.Code, fix.Command, apply(fix)))),
            ];
            if (made.Length == 0)
            {
                break;
            }

            applied.AddRange(made);
            report = examine();
        }

        return report with { Fixes = [.. applied] };
    }

    /// <summary>Adds whether other nodes would take the certificate: that goes by the cluster's own rules.</summary>
    private static HostFacts Fit(ClusterOptions? cluster, HostFacts facts)
    {
        if (cluster?.Tls is not { } files || facts.ClusterCertificate is not { Problem: null } certificate)
        {
            return facts;
        }

        string? problem;
        try
        {
            CertificateRefusal? refusal = NodeCredentials.Read(
                files, cluster.Name, cluster.Address.Address, certificate.ReadAt).Unfit;
            problem = refusal is null or { Reason: RefusalReason.Expired or RefusalReason.NotYetValid } ? null : $"{refusal}";
        }
        catch (CredentialsException e)
        {
            problem = e.Message.TrimEnd('.');
        }

        return facts with { ClusterCertificate = certificate with { Problem = problem } };
    }

    private static HostScope ScopeOf(SiteConfig site, NodeOptions node) => new(
        node.ToDatapathOptions(),
        node.Admin,
        [.. site.Services.Values.Select(service => service.Vip.Address).Distinct()],
        [
            .. site.Services.Values
                .SelectMany(service => service.Backends.Values)
                .Where(backend => backend.Admin != BackendAdmin.Disabled)
                .Select(backend => backend.Address)
                .Distinct(),
        ],
        node.Journal.Provider == JournalProvider.Sqlite ? node.Journal.Directory : null)
    {
        Remote = node.Access.Remote is { } remote
            ? new RemoteScope(remote.Endpoint, remote.Certificate, remote.PrivateKey)
            : null,
        ClusterCertificate = node.Cluster?.Tls is { } files ? new CertificateScope(files.Certificate, files.Key) : null,
        Relayed =
        [
            .. site.Services.Values
                .Where(service => service.Mode == ForwardingMode.Tproxy)
                .Select(service => new RelayedService(service.Vip, service.Relay.Interception, service.Relay.Source)),
        ],
        FullNat = [.. node.FullNat.Sources.Select(source => source.Address)],
        Bird = node.Announce.Mode == AnnounceMode.Bgp ? node.Announce.Bgp.Program : null,
        Announces = node.Announce.Mode == AnnounceMode.Arp,
        TakesSockmap = site.Services.Values.Any(service => service is
        {
            Mode: ForwardingMode.Tproxy, Relay.Transfer: RelayTransfer.Sockmap,
        }),
    };
}
