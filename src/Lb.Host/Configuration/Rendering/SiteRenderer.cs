using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>Writes a site as its file would say it. What is read of the text is the same site.</summary>
internal static class SiteRenderer
{
    /// <summary>A complete site file.</summary>
    /// <param name="node">What belongs to the process.</param>
    /// <param name="site">What the site is.</param>
    public static string Render(NodeOptions node, SiteConfig site)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $$"""
            lb {
              site = {{Quoted(site.Name)}}
              interfaces = [{{string.Join(", ", node.Interfaces.Select(Quoted))}}]
              hash-seed = {{site.Services.Values.FirstOrDefault()?.Seed ?? node.HashSeed}}
              kernel {
                max-services = {{node.Kernel.MaxServices}}
                max-backends = {{node.Kernel.MaxBackends}}
                check-interval = {{Durations.Show(site.CheckInterval)}}
              }
              nat.direct = [{{string.Join(", ", site.Direct.Select(p => $"{p}").Order(StringComparer.Ordinal).Select(Quoted))}}]
              flows { sweep-interval = {{Durations.Show(site.Flows.SweepInterval)}}, udp-window = {{Durations.Show(site.Flows.UdpWindow)}} }
              plan { max-moved-flows = {{site.Limits.MaxMoved}}, max-lost-flows = {{site.Limits.MaxLost}} }
              flow-log.sample-rate = {{site.LogSample}}
              services {

            """);
        foreach (ServiceConfig service in site.Services.Values)
        {
            text.Append(Render(service)).Append('\n');
        }

        return text.Append("  }\n}\n").ToString();
    }

    /// <summary>One service, as it stands within <c>lb.services</c>.</summary>
    public static string Render(ServiceConfig service)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $$"""
                {{Quoted(service.Name)}} {
                  vip = {{Quoted(service.Vip.AddressText)}}
                  port = {{(service.Vip.LastPort == 0 ? service.Vip.PortText : Quoted(service.Vip.PortText))}}
                  protocol = {{Word(service.Vip.Protocol)}}
                  mode = {{service.Mode.Name()}}
                  {{(service.Mode == ForwardingMode.Tproxy ? "# a relay tracks no flow" : $"tracking = {Word(service.Tracking)}")}}
                  flow-memory = {{Durations.Show(service.FlowMemory)}}
                  dead-flows = {{Word(service.DeadFlows)}}
                  flow-log = {{Word(service.Logging)}}
                  datapath = {{Word(service.Datapath)}}
                  gue-port = {{service.GuePort}}
                  affinity = {{(service.Affinity is null ? "none" : "source")}}
                  affinity-timeout = {{(service.Affinity is { Timeout.Ticks: > 0 } kept ? Durations.Show(kept.Timeout) : "off")}}
                  affinity-prefix4 = {{(service.Affinity ?? SourceAffinity.Default).Prefix4}}
                  affinity-prefix6 = {{(service.Affinity ?? SourceAffinity.Default).Prefix6}}
                  quic { {{QuicText.Render(service.Quic)}} }
                  mss = {{(service.Mss == ServiceKeys.AnyMss ? "off" : service.Mss)}}
                  {{PoolRenderer.Render(service.Pool)}}
                  slots = {{(service.Slots == 0 ? "auto" : service.Slots)}}
                  health { {{Render(service.Health)}} }
                  relay { {{Render(service.Relay)}} }
                  backends {

            """);
        foreach (BackendConfig backend in service.Backends.Values)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                        {{Quoted(backend.Name)}} { address = {{Quoted(backend.Address)}}{{(backend.Port == 0 ? "" : $", port = {backend.Port}")}}, weight = {{backend.Weight}}, admin = {{Word(backend.Admin)}}{{PoolRenderer.Render(backend)}}{{QuicText.Render(backend)}}{{GreetingText.Render(backend.Tls)}} }

                """);
        }

        return text.Append("      }\n    }").ToString();
    }

    private static string Render(RelaySettings relay) => string.Create(
        CultureInfo.InvariantCulture,
        $"source = {Word(relay.Source)}, interception = {Api.Word.OfInterception(relay.Interception)}, "
        + $"connect-timeout = {Durations.Show(relay.ConnectTimeout)}, idle-timeout = {Durations.Show(relay.IdleTimeout)}, "
        + $"udp-idle-timeout = {Durations.Show(relay.UdpIdleTimeout)}, attempts = {relay.Attempts}, "
        + $"connections = {relay.Connections}, {RelayPolicyRenderer.Render(relay)}, {GreetingText.Render(relay)}");

    private static string Render(HealthConfig health)
    {
        string common = string.Create(
            CultureInfo.InvariantCulture,
            $"interval = {Durations.Show(health.Interval)}, timeout = {Durations.Show(health.Timeout)}, "
            + $"rise = {health.Rise}, fall = {health.Fall}, jitter = {health.Jitter}, port = {health.Port}");
        return health.Check switch
        {
            HealthCheck.HttpGet http =>
                $"check = http, {common}, path = {Quoted(http.Path)}, "
                + $"host = {(http.Host is null ? "null" : Quoted(http.Host))}, "
                + $"expect = [{string.Join(", ", http.Statuses)}]",
            HealthCheck.TcpConnect => $"check = tcp, {common}",
            _ => $"check = none, {common}",
        };
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Quoted(string text) => JsonSerializer.Serialize(text, RenderJson.Default.String);

    private static string Quoted(IPAddress address) => $"\"{address}\"";
}
