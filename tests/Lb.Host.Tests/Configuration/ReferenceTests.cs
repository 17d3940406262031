using System.Collections.Immutable;
using System.Net;
using Lb.Actors;
using Lb.Hocon;
using Lb.Host.Configuration;
using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Tests.Configuration;

public sealed class ReferenceTests
{
    [Fact]
    public void Every_key_with_a_default_is_in_the_reference_and_no_other()
    {
        ImmutableSortedSet<string> schema = [.. KeysOf(SiteKeys.Lb.Section, "lb")];
        HoconObject root = Reference.Parse().Resolve();
        Assert.Equal(schema, [.. LeavesOf(root, "")]);
    }

    [Fact]
    public void Every_key_of_services_and_backends_is_in_the_reference_s_example_and_no_other()
    {
        HoconObject example = HoconParser.ParseText(Example(), "example").Resolve();
        Assert.Equal(
            [.. KeysOf(ServiceKeys.Section, "web"), .. KeysOf(BackendKeys.Section, "web.backends.b1")],
            [.. LeavesOf(example, "")],
            EqualityComparer<ImmutableSortedSet<string>>.Create((a, b) => a!.SetEquals(b!)));
    }

    [Fact]
    public void Example_of_the_reference_is_a_right_configuration()
    {
        LoadResult result = ConfigLoader.LoadText(
            $"lb {{ interfaces = [eth0], services {{ {Example()} }} }}", "example.conf");
        Assert.Empty(result.Issues);
        Assert.Single(result.Config!.Site.Services);
    }

    [Fact]
    public void Every_key_of_the_reference_has_a_comment()
    {
        string[] lines = Reference.ReadText().Split('\n');
        foreach ((int number, string line) in lines.Index().Where(l => IsKey(l.Item)))
        {
            Assert.True(
                lines[number - 1].TrimStart().StartsWith('#'), $"reference.conf:{number + 1} has no comment: {line}");
        }
    }

    [Fact]
    public void Keys_that_need_a_restart_are_marked_as_such()
    {
        string[] lines = Reference.ReadText().Split('\n');
        foreach (ValueKey key in ValueKeysOf(SiteKeys.Lb.Section).Where(k => k.Restart))
        {
            int at = Array.FindIndex(lines, l => l.TrimStart().StartsWith($"{key.Name} = "));
            string comment = string.Concat(
                lines.Take(at).Reverse().TakeWhile(l => l.TrimStart().StartsWith('#')));
            Assert.Contains("(restart)", comment);
        }
    }

    [Fact]
    public void Defaults_are_those_of_the_reference()
    {
        LoadResult result = ConfigLoader.LoadText(
            "lb { interfaces = [eth0], services.web { vip = 192.0.2.10, port = 80, backends.b1.address = 10.0.2.11 } }",
            "least.conf");
        Assert.Empty(result.Issues);
        LoadedConfig config = result.Config!;
        Assert.Equal("default", config.Site.Name);
        Assert.Equal(new FlowsConfig(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)), config.Site.Flows);
        Assert.Equal(TimeSpan.FromSeconds(30), config.Site.CheckInterval);
        Assert.Empty(config.Site.Direct);
        ServiceConfig web = Assert.Single(config.Site.Services).Value;
        Assert.Equal(
            new ServiceConfig(
                "web", new Endpoint(IPAddress.Parse("192.0.2.10"), 80, TransportProtocol.Tcp), ForwardingMode.Nat,
                Tracking.Minimal, TimeSpan.FromMinutes(15), 0, 0, web.Backends,
                new HealthConfig(
                    new HealthCheck.TcpConnect(), 0, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), 2, 3, 0.1)),
            web);
        Assert.Equal(
            new BackendConfig("b1", IPAddress.Parse("10.0.2.11"), 80, 100, BackendAdmin.Enabled),
            Assert.Single(web.Backends).Value);
        Assert.Equal(new KernelOptions("/sys/fs/bpf", 1024, 16384, 262144, 20000, RelayConntrack.Track, 65536), config.Node.Kernel);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9110), config.Node.Admin);
        Assert.Equal(new LogOptions(LogLevel.Information, LogFormat.Text), config.Node.Log);
        Assert.Equal(new MetricsOptions(null, OtlpProtocol.Grpc, TimeSpan.FromSeconds(30)), config.Node.Metrics);
        Assert.Equal(new ShutdownOptions(TimeSpan.Zero, false), config.Node.Shutdown);
        Assert.Equal(AttachMode.Auto, config.Node.Attach);
        Assert.Equal(("-", 100), (config.Node.FlowLogPath, config.Site.LogSample));
        Assert.Equal("eth0", Assert.Single(config.Node.Interfaces));
    }

    [Fact]
    public void Demo_is_a_right_configuration()
    {
        using Stream stream = typeof(ReferenceTests).Assembly.GetManifestResourceStream("demo.conf")!;
        using StreamReader reader = new(stream);
        LoadResult result = ConfigLoader.LoadText(reader.ReadToEnd(), "demo.conf");
        Assert.Empty(result.Issues);
        Assert.Equal(["web", "web-dsr", "web6"], result.Config!.Site.Services.Keys);
    }

    [Fact]
    public void Example_that_is_installed_is_a_right_configuration()
    {
        using Stream stream = typeof(ReferenceTests).Assembly.GetManifestResourceStream("example.conf")!;
        using StreamReader reader = new(stream);
        LoadResult result = ConfigLoader.LoadText(reader.ReadToEnd(), "example.conf");
        Assert.Empty(result.Issues);
        Assert.Equal(["web"], result.Config!.Site.Services.Keys);
    }

    /// <summary>Whether a line of the file sets a key.</summary>
    private static bool IsKey(string line) => line.Contains(" = ") && !line.TrimStart().StartsWith('#');

    /// <summary>The service that the reference shows as a comment.</summary>
    private static string Example()
    {
        IEnumerable<string> lines = Reference.ReadText().Split('\n')
            .SkipWhile(l => l != "  services {")
            .Skip(1)
            .TakeWhile(l => l.TrimStart().StartsWith('#'))
            .Select(l => l.TrimStart()[1..]);
        return string.Join('\n', lines);
    }

    private static IEnumerable<string> KeysOf(Section section, string path) => section.Keys.SelectMany(key => key switch
    {
        SectionKey child => KeysOf(child.Section, $"{path}.{key.Name}"),
        ValueKey => [$"{path}.{key.Name}"],
        _ => [],
    });

    private static IEnumerable<ValueKey> ValueKeysOf(Section section) => section.Keys.SelectMany(key => key switch
    {
        SectionKey child => ValueKeysOf(child.Section),
        ValueKey value => [value],
        _ => (IEnumerable<ValueKey>)[],
    });

    private static IEnumerable<string> LeavesOf(HoconObject o, string path) => o.Fields.SelectMany(f => f.Value switch
    {
        HoconObject child => LeavesOf(child, $"{path}{f.Key}."),
        _ => [$"{path}{f.Key}"],
    });
}
