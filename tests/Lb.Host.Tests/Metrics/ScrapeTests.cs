using Lb.Actors;
using Lb.Host.Tests.Api;

namespace Lb.Host.Tests.Metrics;

public sealed class ScrapeTests
{
    private static readonly string[] OfStub =
    [
        "lb_up 1",
        "lb_ready 0",
        "lb_site_info{site=\"stub\"} 1",
        "lb_config_revision 1",
        "lb_config_runtime_changes 2",
        "lb_journal_up 1",
        "lb_kernel_up 1",
        "lb_kernel_drifts_total 0",
        "lb_flow_table_entries{table=\"established\",family=\"ipv4\"} 900",
        "lb_flow_table_limit{table=\"established\",family=\"ipv4\"} 1024",
        "lb_flow_table_evicted_total{table=\"established\",family=\"ipv4\"} 12",
        "lb_flow_table_entries{table=\"pending\",family=\"ipv6\"} 1",
        "lb_interface_info{interface=\"eth0\",attach=\"generic\"} 1",
        "lb_packets_total{verdict=\"dropNoBackend\"} 5",
        "lb_bytes_total{verdict=\"dropNoBackend\"} 300",
        "lb_drops_total{reason=\"dropNoBackend\"} 5",
        "lb_service_info{service=\"web\",vip=\"2001:db8::1\",protocol=\"tcp\",port=\"80\",mode=\"dsr-ipip\","
            + "tracking=\"minimal\",digest=\"d1g3st\"} 1",
        "lb_service_packets_total{service=\"web\",direction=\"forward\"} 10",
        "lb_service_packets_total{service=\"web\",direction=\"reply\"} 0",
        "lb_service_bytes_total{service=\"web\",direction=\"forward\"} 1000",
        "lb_service_dropped_packets_total{service=\"web\"} 1",
        "lb_service_dropped_bytes_total{service=\"web\"} 60",
        "lb_service_new_flows_total{service=\"web\"} 4",
        "lb_service_flow_inserts_total{service=\"web\"} 3",
        "lb_service_flow_inserts_refused_total{service=\"web\"} 2",
        "lb_service_generation{service=\"web\"} 3",
        "lb_service_in_kernel{service=\"web\"} 1",
        "lb_service_slots{service=\"web\"} 4093",
        "lb_service_moved_slots{service=\"web\"} 2",
        "lb_tracked_flows{service=\"web\"} 1",
        "lb_backend_up{service=\"web\",backend=\"b1\"} 1",
        "lb_backend_up{service=\"web\",backend=\"b2\"} 0",
        "lb_backend_state{service=\"web\",backend=\"b1\",state=\"up\"} 1",
        "lb_backend_state{service=\"web\",backend=\"b2\",state=\"up\"} 0",
        "lb_backend_state{service=\"web\",backend=\"b2\",state=\"draining\"} 1",
        "lb_backend_weight{service=\"web\",backend=\"b1\"} 100",
        "lb_backend_share_ratio{service=\"web\",backend=\"b1\"} 0.5",
        "lb_backend_slots{service=\"web\",backend=\"b1\"} 2046",
        "lb_backend_previous_slots{service=\"web\",backend=\"b2\"} 7",
        "lb_backend_tracked_flows{service=\"web\",backend=\"b2\"} 9",
        "lb_backend_info{service=\"web\",backend=\"b1\",address=\"fd00::11\",port=\"80\"} 1",
        "lb_backend_packets_total{service=\"web\",backend=\"b1\",direction=\"forward\"} 0",
    ];

    [Fact]
    public async Task Scrape_tells_all_that_the_site_knows()
    {
        await using MeteredNode node = await MeteredNode.StartAsync(StubSite.Snapshot);

        string text = await node.ScrapeAsync();

        Assert.Equal([], OfStub.Except(text.Split('\n')));
        Assert.Contains("# TYPE lb_service_packets_total counter\n", text);
        Assert.Contains("# TYPE lb_service_slots gauge\n", text);
        Assert.Contains("\nlb_build_info{version=\"", text);
        Assert.Contains("\nprocess_cpu_seconds_total ", text);
        Assert.Contains("\ndotnet_gc_collections_total{gc_heap_generation=\"gen0\"} ", text);
    }

    [Fact]
    public async Task Promtool_finds_no_fault_with_a_scrape()
    {
        await using MeteredNode node = await MeteredNode.StartAsync(StubSite.Snapshot);
        Promtool.AssertClean(await node.ScrapeAsync());
    }

    [Fact]
    public async Task Scrapes_at_the_same_time_are_each_complete()
    {
        await using MeteredNode node = await MeteredNode.StartAsync(StubSite.Snapshot);

        string[] texts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => node.ScrapeAsync()));

        Assert.All(texts, text => Assert.Equal([], OfStub.Except(text.Split('\n'))));
        Assert.All(texts, Promtool.AssertClean);
    }

    [Fact]
    public async Task Site_that_does_not_answer_leaves_what_the_process_knows()
    {
        await using MeteredNode node = await MeteredNode.StartAsync(null);

        string text = await node.ScrapeAsync();

        Assert.Contains("\nlb_up 0\n", text);
        Assert.Contains("\nprocess_resident_memory_bytes ", text);
        Assert.DoesNotContain("lb_service_", text);
        Promtool.AssertClean(text);
    }

    [Fact]
    public async Task Backend_that_left_has_series_of_its_own_though_its_name_is_used_again()
    {
        ServiceSnapshot web = StubSite.Snapshot.Services[0];
        BackendSnapshot left = web.Backends[0] with
        {
            Address = System.Net.IPAddress.Parse("fd00::99"),
            Leftover = true,
        };
        await using MeteredNode node = await MeteredNode.StartAsync(
            StubSite.Snapshot with { Services = [web with { Backends = web.Backends.Add(left) }] });

        string text = await node.ScrapeAsync();

        Assert.Contains("lb_backend_weight{service=\"web\",backend=\"b1\"} 100\n", text);
        Assert.Contains("lb_backend_weight{service=\"web\",backend=\"b1@[fd00::99]:80\"} 100\n", text);
        string[] series = [.. text.Split('\n').Where(l => l.Contains('{')).Select(l => l[..(l.IndexOf('}') + 1)])];
        Assert.Equal(series.Distinct(), series);
    }
}
