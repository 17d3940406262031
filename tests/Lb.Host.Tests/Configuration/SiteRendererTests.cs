using Lb.Actors;
using Lb.Host.Configuration;

namespace Lb.Host.Tests.Configuration;

public sealed class SiteRendererTests
{
    [Fact]
    public void A_site_that_is_written_and_read_is_the_same_site()
    {
        const string Text = """
            lb {
              site = all
              interfaces = [eth0, "br-1.5"]
              hash-seed = 77
              kernel { max-services = 9, max-backends = 99, check-interval = 1500ms }
              nat.direct = [10.0.0.0/8, "fd00::/8"]
              flow-log { path = /var/log/lb/flows.jsonl, sample-rate = 17 }
              flows { sweep-interval = 250ms, udp-window = 1m }
              plan { max-moved-flows = 12.5%, max-lost-flows = 0 }
              services {
                web { vip = 192.0.2.1, port = 80, slots = 251, weight = 7, panic-threshold = 12.5%, slow-start = 90s, slow-start-from = 0.25, drain { deadline = 90s, then = keep }, flow-log = sampled
                  health { check = http, path = "/up?a=\"b\"", host = "web.example:8080", expect = [200, 204], jitter = 0.25, port = 81 }
                  backends { b1 { address = 10.0.2.1, port = 8080, admin = drain, drain-deadline = never }, b2 { address = 10.0.2.2, weight = 0, backup = true, drain-deadline = 5m } } }
                web6 { vip = "2001:db8::1", port = 80, mode = dsr-ipip, affinity = source, affinity-timeout = 90s, flow-memory = 90m, dead-flows = reset
                  health { check = tcp, interval = 1100ms }
                  backends { b1 { address = "fd00::1" } } }
                api { vip = 192.0.2.2, port = 443, mode = tproxy
                  relay { source = node, connect-timeout = 700ms, idle-timeout = 90s, udp-idle-timeout = 20s, attempts = 2, connections = 50
                    balance = peak-ewma, engine = sockmap, backend-connections = 7, source-connections = 3, life-timeout = 2h, drain-timeout = 90s
                    on-down = reset, keepalive { idle = 1m, interval = 7s, count = 3 }
                    outlier { failures = 5, base-time = 2s, max-time = 1m, max-ejected = 12.5% } }
                  backends { b1 { address = "fd00::2" } } }
                dns { vip = 192.0.2.53, port = 53, protocol = udp, tracking = none, flow-log = full, health.check = none }
              }
            }
            """;
        LoadedConfig config = ConfigLoader.LoadText(Text, "test").Config!;

        LoadResult again = ConfigLoader.LoadText(SiteRenderer.Render(config.Node, config.Site), "again");

        Assert.DoesNotContain(again.Issues, issue => issue.Severity == Severity.Error);
        Assert.Empty(SiteDiff.Between(config.Site, again.Config!.Site));
        Assert.Equal(config.Node.Interfaces.AsEnumerable(), again.Config.Node.Interfaces);
        Assert.Equal(config.Node.Kernel, again.Config.Node.Kernel);
    }
}
