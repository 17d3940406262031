using System.Text.Json;
using Lb.Host.Api;
using Lb.Host.Doctor;

namespace Lb.Host.Tests.Doctor;

/// <summary>What people and machines get to read.</summary>
public sealed class TextReportTests
{
    private static readonly DoctorReport Report = new(
        "shop",
        37,
        [
            Finding.Error("rp-filter", "eth1", "It is strict.", "Replies are dropped.", "").FixedBy(
                new Kernel.Host.HostFix.SetSysctl("net/ipv4/conf/eth1/rp_filter", 2)),
            Finding.Info("clock-sync", "clock", "Nothing keeps it right.", "Logs suffer."),
        ])
    {
        Fixes = [new AppliedFix("bpffs", "mount -t bpf bpf /sys/fs/bpf", "mount failed with EPERM.")],
    };

    [Fact]
    public void Text_has_a_block_for_each_finding_and_a_count() => Assert.Equal(
        """
        not fixed bpffs: mount -t bpf bpf /sys/fs/bpf: mount failed with EPERM.

        error rp-filter: It is strict.
          why:  Replies are dropped.
          mend: sysctl -w net.ipv4.conf.eth1.rp_filter=2
                lbd --doctor --fix does it.

        info clock-sync: Nothing keeps it right.
          why:  Logs suffer.

        Site shop: this host is not fit: 1 error, 0 warnings, 1 note of 37 checks.

        """,
        Write(Report, colours: false));

    [Fact]
    public void Text_is_coloured_only_when_that_is_asked_for()
    {
        Assert.DoesNotContain('\e', Write(Report, colours: false));
        Assert.Contains("\e[31merror\e[0m rp-filter", Write(Report, colours: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Healthy_host_is_one_line() => Assert.Equal(
        "Site shop: this host is fit: 0 errors, 0 warnings, 0 notes of 37 checks.\n",
        Write(new DoctorReport("shop", 37, []), colours: false));

    [Fact]
    public void Json_has_the_documented_fields()
    {
        using var json = JsonDocument.Parse(
            JsonSerializer.Serialize(DoctorResource.From(Report), ApiJson.Default.DoctorResource));

        Assert.Equal(
            ["site", "version", "healthy", "errors", "warnings", "infos", "checks", "findings", "fixes"],
            json.RootElement.EnumerateObject().Select(p => p.Name));
        JsonElement finding = json.RootElement.GetProperty("findings")[0];
        Assert.Equal(
            ["code", "severity", "about", "what", "why", "mend", "fixable"],
            finding.EnumerateObject().Select(p => p.Name));
        Assert.Equal("error", finding.GetProperty("severity").GetString());
        Assert.True(finding.GetProperty("fixable").GetBoolean());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("findings")[1].GetProperty("mend").ValueKind);
        JsonElement fix = json.RootElement.GetProperty("fixes")[0];
        Assert.Equal(["code", "command", "done", "problem"], fix.EnumerateObject().Select(p => p.Name));
        Assert.False(fix.GetProperty("done").GetBoolean());
    }

    private static string Write(DoctorReport report, bool colours)
    {
        using StringWriter text = new() { NewLine = "\n" };
        new TextReport(text, colours).Write(report);
        return text.ToString();
    }
}
