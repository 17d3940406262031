using System.Diagnostics.Metrics;
using Lb.Actors;
using Lb.Host.Api;
using Lb.Host.Configuration;
using Lb.Host.Running;
using Lb.Kernel;

namespace Lb.Host.Metrics;

/// <summary>The node: its config, its journal, how it gets on with the kernel, and what it did with packets.</summary>
internal static class NodeInstruments
{
    public static void Add(Meter meter, SiteObserver observer, NodeState state)
    {
        meter.CreateObservableGauge(
            "lb.up", () => observer.Shown is null ? 0 : 1, null, "Whether the actors answer; 0 leaves out all that they know.");
        meter.CreateObservableGauge(
            "lb.ready",
            () => state.IsReady && observer.Shown is { } snapshot && SiteClient.IsWell(snapshot) ? 1 : 0,
            null,
            "Whether every table is in the kernel and the node is not ending, as /health/ready says.");
        meter.CreateObservableGauge(
            "lb.build.info", () => Tag.Flag(true, Tag.Of("version", BuildVersion.Text)), null, "Version of lbd.");
        AddLimits(meter, state);
        SiteMeter site = new(meter, observer);
        AddSite(site);
        FlowTableInstruments.Add(site);
        SpreadInstruments.Add(site);
        AddFlowLog(site, state);
    }

    private static void AddFlowLog(SiteMeter site, NodeState state)
    {
        site.Counter(
            "lb.flow_log.events",
            "{event}",
            "Events of the flow log that the kernel and relays handed out.",
            s => [Tag.Count(s.Kernel.FlowLog.Written + (ulong)(state.FlowLog.Relays?.Written ?? 0))]);
        site.Counter(
            "lb.flow_log.lost",
            "{event}",
            "Events of the flow log that were lost, by reason: ring (more came than were read), memory (too many flows of "
            + "UDP at once to tell new ones), relay (more came of relays than were read), write (the file).",
            s =>
            [
                Tag.Count(s.Kernel.FlowLog.NoRoom, Tag.Of("reason", "ring")),
                Tag.Count(s.Kernel.FlowLog.NoMemory, Tag.Of("reason", "memory")),
                Tag.Count((ulong)(state.FlowLog.Relays?.Lost ?? 0), Tag.Of("reason", "relay")),
                Tag.Count((ulong)state.FlowLog.Unwritten, Tag.Of("reason", "write")),
            ]);
    }

    private static void AddLimits(Meter meter, NodeState state)
    {
        Limit("lb.limit.services", "Services that the kernel's maps have room for.", kernel => kernel.MaxServices);
        Limit(
            "lb.limit.backends",
            "Entries of the backends' map, of all services together.",
            kernel => kernel.MaxBackends);
        Limit(
            "lb.limit.flows",
            "Tracked flows that the flow table has room for, of each address family.",
            kernel => kernel.MaxFlows);
        Limit(
            "lb.limit.clients",
            "Clients that keep their backend (affinity-timeout) which there is room for, of each address family.",
            kernel => kernel.MaxClients);

        void Limit(string name, string description, Func<KernelOptions, int> of) => meter.CreateObservableGauge(
            name,
            () => state.Config is { } config ? [new Measurement<int>(of(config.Node.Kernel))] : (Measurement<int>[])[],
            null,
            description);
    }

    private static void AddSite(SiteMeter site)
    {
        site.Gauge<int>("lb.site.info", null, "The site that the node runs.", s => [Tag.Flag(true, Tag.Of("site", s.Site))]);
        site.Gauge<long>(
            "lb.config.revision",
            null,
            "Revision of the config in force; 0 for a file that the journal does not know yet.",
            s => [new(s.Config.Revision)]);
        site.Gauge<int>(
            "lb.config.runtime_changes",
            null,
            "Changes at run time on top of the site file.",
            s => [new(s.Config.RuntimeChanges)]);
        site.Gauge<int>(
            "lb.journal.up",
            null,
            "Whether the journal works; without it changes are refused.",
            s => [Tag.Flag(s.Config.Problem is null)]);
        site.Gauge<int>(
            "lb.kernel.up",
            null,
            "Whether the kernel takes what is written to it.",
            s => [Tag.Flag(s.Kernel.Health == KernelHealth.Good)]);
        site.Counter(
            "lb.kernel.drifts",
            "{check}",
            "Self-checks that found the kernel to differ from what was written.",
            s => [new(s.Kernel.Drifts)]);
        site.Gauge<int>(
            "lb.interface.info",
            null,
            "Interfaces that packets are taken from, and where the XDP program is: in the driver (native), in the stack (generic) or nowhere (none: at traffic control).",
            s => s.Kernel.Attachments.Select(a => Tag.Flag(
                true, Tag.Of("interface", a.Interface), Tag.Of("attach", Word.Of(a.Xdp)))));
        site.Counter(
            "lb.packets",
            "{packet}",
            "Packets that a decision was taken on, by verdict.",
            s => s.Kernel.Verdicts.Select(v => Tag.Count(v.Value.Packets, Tag.Of("verdict", Word.Of(v.Key)))));
        site.Counter(
            "lb.bytes",
            "By",
            "Bytes that a decision was taken on, by verdict.",
            s => s.Kernel.Verdicts.Select(v => Tag.Count(v.Value.Bytes, Tag.Of("verdict", Word.Of(v.Key)))));
        site.Counter(
            "lb.drops",
            "{packet}",
            "Packets dropped, by reason: the verdicts that drop.",
            s => s.Kernel.Verdicts
                .Where(v => IsDrop(v.Key))
                .Select(v => Tag.Count(v.Value.Packets, Tag.Of("reason", Word.Of(v.Key)))));
    }

    private static bool IsDrop(Verdict verdict) => verdict is
        Verdict.DropFragment or Verdict.DropIpOptions or Verdict.DropMalformed or Verdict.DropNoBackend
        or Verdict.DropNoNextHop or Verdict.DropTtl or Verdict.DropTooBig or Verdict.DropIcmpUnknown
        or Verdict.DropHeadroom or Verdict.IcmpTooBig or Verdict.DropNoPort or Verdict.TcpReset or Verdict.DropDeadFlow;
}
