using Lb.Host.Tests.Processes;
using Lb.Testing;

namespace Lb.Host.Tests.Metrics;

/// <summary>What a real lbd exposes of a real kernel.</summary>
public sealed class RunningNodeTests
{
    [RootFact]
    public void Promtool_finds_no_fault_with_what_a_running_lbd_exposes()
    {
        using LbdProcess lbd = new();
        lbd.Configure("""
            services.web { vip = 203.0.113.10, port = 80
              backends { b1 { address = 10.77.1.2, port = 8080 }, b2 { address = 10.77.1.3, port = 8080 } } }
            """);
        lbd.Start();

        string text = lbd.GetText("/metrics");

        Promtool.AssertClean(text);
        Assert.Equal([], Undocumented(text));
        foreach (string line in (string[])
        [
            "lb_up 1",
            "lb_ready 1",
            "lb_kernel_up 1",
            "lb_journal_up 1",
            $"lb_site_info{{site=\"{lbd.Site}\"}} 1",
            "lb_limit_flows 1024",
            "lb_limit_services 16",
            "lb_limit_backends 64",
            "lb_backend_up{service=\"web\",backend=\"b2\"} 1",
            "lb_service_in_kernel{service=\"web\"} 1",
            "lb_drops_total{reason=\"dropNoBackend\"} 0",
            "lb_kernel_repairs_total 0",
            "lb_kernel_writes_total{result=\"failure\"} 0",
        ])
        {
            Assert.Contains($"\n{line}\n", text);
        }

        Assert.Matches("\nlb_backend_share_ratio\\{service=\"web\",backend=\"b1\"\\} 0\\.(49|50)", text);
        Assert.Matches("\nlb_actor_dead_letters_total [0-9]", text);
        Assert.Matches("\nlb_kernel_write_duration_seconds_count [1-9]", text);
        Assert.Matches("\nlb_interface_info\\{interface=\"client0\",attach=\"(native|generic)\"\\} 1\n", text);
    }

    /// <summary>What is exposed and not in the documentation; there backends have what services have.</summary>
    private static IEnumerable<string> Undocumented(string text) => text.Split('\n')
        .Where(line => line.StartsWith("# TYPE lb_") || line.StartsWith("# TYPE process_"))
        .Select(line => line.Split(' ')[2])
        .Where(name => !Documentation.Operations.Contains($"`{name}`")
            && !Documentation.Operations.Contains($"`{name.Replace("lb_backend_", "lb_service_")}`"));
}
