using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Lb.Kernel.Tests.Fixtures;

/// <summary>A site on a veth pair in namespaces of its own, with a BPF file system and locks of its own.</summary>
public sealed class TestSite : IDisposable
{
    private readonly string _directory;

    public TestSite()
    {
        Node = TestNamespace.Create("lbk-");
        try
        {
            Peer = TestNamespace.Create("lbk-");
            TestNamespace.Connect(Node, "eth0", Peer, "peer0");
        }
        catch
        {
            Peer?.Dispose();
            Node.Dispose();
            throw;
        }

        _directory = Directory.CreateTempSubdirectory("lbk-").FullName;
        Options = new DatapathOptions
        {
            Site = "test",
            Interfaces = ["eth0"],
            BpfFs = Path.Combine(_directory, "bpf"),
            RunDirectory = Path.Combine(_directory, "run"),
            Sizes = Small,
        };
    }

    /// <summary>Small maps, so that a test starts at once.</summary>
    public static MapSizes Small { get; } = new()
    {
        Services = 16,
        Backends = 64,
        Flows = 1024,
        Pending = 1024,
        Direct = 16,
    };

    public TestNamespace Node { get; }

    public TestNamespace Peer { get; }

    public DatapathOptions Options { get; init; }

    public RecordingLogger Logger { get; } = new();

    public string PinRoot => Path.Combine(Options.BpfFs, "lb", Options.Site);

    public KernelDatapath Open(DatapathOptions? options = null, ILogger? logger = null) =>
        Node.Invoke(() => KernelDatapath.Open(options ?? Options, logger ?? Logger));

    public bool Cleanup() => Node.Invoke(() => KernelDatapath.Cleanup(Options, Logger));

    /// <summary>Id of the XDP program of an interface of the node; null when it has none.</summary>
    public int? ProgramOn(string name)
    {
        using var links = JsonDocument.Parse(Node.Ip($"-j link show dev {name}"));
        return links.RootElement[0].TryGetProperty("xdp", out JsonElement xdp)
            ? xdp.GetProperty("prog").GetProperty("id").GetInt32()
            : null;
    }

    public void Dispose()
    {
        Command.TryRun("umount", Options.BpfFs);
        Node.Dispose();
        Peer.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
