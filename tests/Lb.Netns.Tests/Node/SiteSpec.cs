using System.Collections.Immutable;
using System.Net;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Node;

/// <summary>A site's configuration as a value, written as HOCON.</summary>
internal sealed record SiteSpec(string Name)
{
    public ImmutableArray<ServiceSpec> Services { get; init; } = [];

    public ImmutableArray<string> Interfaces { get; init; } = ["client0", "backend0"];

    /// <summary>
    /// Failed probes in a row that make a backend down. Many, so that a machine that is busy with other things loses
    /// none; scenarios of failure lower it.
    /// </summary>
    public int Fall { get; init; } = 20;

    /// <summary>Time between two self-checks, as the configuration writes it.</summary>
    public string CheckInterval { get; init; } = "30s";

    /// <summary>What connection tracking sees of relayed services.</summary>
    public string Conntrack { get; init; } = "track";

    /// <summary>Time between two sweeps, as the configuration writes it.</summary>
    public string SweepInterval { get; init; } = "30s";

    /// <summary>File of the flow log; null for standard output.</summary>
    public string? FlowLogFile { get; init; }

    /// <summary>Sampled services log one flow in so many.</summary>
    public int LogSample { get; init; } = 100;

    /// <summary>Other keys.</summary>
    public string Keys { get; init; } = "";

    /// <summary>Adds a service.</summary>
    public SiteSpec Add(ServiceSpec service) => this with { Services = Services.Add(service) };

    /// <summary>Changes one service.</summary>
    public SiteSpec Change(string service, Func<ServiceSpec, ServiceSpec> change) =>
        this with { Services = [.. Services.Select(s => s.Name == service ? change(s) : s)] };

    /// <summary>Changes every service.</summary>
    public SiteSpec ChangeAll(Func<ServiceSpec, ServiceSpec> change) =>
        this with { Services = [.. Services.Select(change)] };

    public string ToHocon() => $$"""
        lb {
          site = {{Name}}
          interfaces = [{{string.Join(", ", Interfaces)}}]
          kernel { check-interval = {{CheckInterval}}, relay-conntrack = {{Conntrack}} }
          flows.sweep-interval = {{SweepInterval}}
          flow-log { path = "{{FlowLogFile ?? "-"}}", sample-rate = {{LogSample}} }
          {{Keys}}
          service-defaults.health { interval = 200ms, timeout = 150ms, rise = 1, fall = {{Fall}} }
          services {
            {{string.Join("\n    ", Services.Select(s => s.ToHocon()))}}
          }
        }
        """;
}

/// <summary>One service.</summary>
internal sealed record ServiceSpec(string Name, string Mode, string Protocol, IPAddress Vip, int Port)
{
    public ImmutableArray<BackendSpec> Backends { get; init; } = [];

    public string Tracking { get; init; } = "minimal";

    /// <summary>Which flows are logged.</summary>
    public string FlowLog { get; init; } = "off";

    /// <summary>What probes do: the echo servers answer TCP whatever the service's protocol.</summary>
    public string Check { get; init; } = "tcp";

    /// <summary>How long a flow without packets is remembered.</summary>
    public string FlowMemory { get; init; } = "15m";

    /// <summary>Keys of its relay.</summary>
    public string Relay { get; init; } = "";

    /// <summary>Other keys.</summary>
    public string Keys { get; init; } = "";

    /// <summary>Where clients connect.</summary>
    public IPEndPoint EndPoint => new(Vip, Port);

    public ServiceSpec Add(Backend backend, bool overV6, int weight = 100) =>
        this with
        {
            Backends = Backends.Add(new BackendSpec(
                backend.Name, overV6 ? backend.V6 : backend.V4, Addresses.ServerPort, weight, "enabled")),
        };

    public ServiceSpec AddAll(IEnumerable<Backend> backends, bool overV6) =>
        backends.Aggregate(this, (service, backend) => service.Add(backend, overV6));

    /// <summary>Changes one backend.</summary>
    public ServiceSpec Change(string backend, Func<BackendSpec, BackendSpec> change) =>
        this with { Backends = [.. Backends.Select(b => b.Name == backend ? change(b) : b)] };

    public string ToHocon() => $$"""
        {{Name}} { vip = "{{Vip}}", protocol = {{Protocol}}, port = {{Port}}, mode = {{Mode}}, tracking = {{Tracking}}
              health.check = {{Check}}, flow-log = {{FlowLog}}, flow-memory = {{FlowMemory}}, relay { {{Relay}} }
              {{Keys}}
              backends { {{string.Join(", ", Backends.Select(b => b.ToHocon()))}} } }
        """;
}

/// <summary>One backend of a service; port 0 is none of its own.</summary>
internal sealed record BackendSpec(string Name, IPAddress Address, int Port, int Weight, string Admin)
{
    /// <summary>Other keys.</summary>
    public string Keys { get; init; } = "";

    public string ToHocon() =>
        $$"""{{Name}} { address = "{{Address}}", {{(Port == 0 ? "" : $"port = {Port}, ")}}weight = {{Weight}}, admin = {{Admin}}, {{Keys}} }""";
}
