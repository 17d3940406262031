using System.Reflection;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Walk;

/// <summary>
/// Types the commands of a page: on the node, in the folder of the sources, and on a client. The node's file systems are
/// its own where the commands write, so that paths are as written and nothing is left on the machine.
/// </summary>
internal sealed class Walker
{
    /// <summary>Folders that the node's commands write to: copies, that are gone with its shell.</summary>
    private static readonly string[] Written = ["/etc", "/usr/local", "/var/lib", "/var/log"];

    /// <summary>What a test runner tells its children and a person's shell does not.</summary>
    private static readonly string[] Foreign =
        ["MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PREFIX", "DESTDIR", "TIER", "PBM_HOST", "SUDO_USER"];

    private readonly Shell _node;
    private readonly Shell _client;

    public Walker(Topology topology)
    {
        string layers = Path.Combine(topology.Folder, "layers");
        string mounts = string.Join('\n',
        [
            "set -e",
            $"mkdir {layers}",
            $"mount -t tmpfs tmpfs {layers}",
            .. Written.Select(folder => Overlay(folder, layers + folder)),
            "mount -t bpf bpf /sys/fs/bpf",
            "mkdir -p /run/lb",
            $"mkdir {layers}/run",
            $"mount --bind {layers}/run /run/lb",
            $"cd '{Sources}'",
            "exec \"$@\"",
        ]);
        Dictionary<string, string?> environment = Foreign.ToDictionary(name => name, string? (_) => null);
        environment["PATH"] = $"/usr/local/sbin:/usr/local/bin:{Environment.GetEnvironmentVariable("PATH")}";
        environment["TERM"] = "dumb"; // no colours
        environment["LB_NO_BUILD"] = "1"; // make install takes what the tests were built with
        _node = topology.Own(Shell.Start(
            topology.Folder, "node", environment, "nsenter", $"--net={topology.Lb.Path}",
            "unshare", "--mount", "--propagation", "private", "bash", "-c", mounts, "bash"));
        _client = topology.Own(Shell.Start(
            topology.Folder, "client", environment, "nsenter", $"--net={topology.Client.Path}"));
    }

    /// <summary>Folder of the sources that the tests were built from.</summary>
    public static string Sources { get; } = typeof(Walker).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "Sources").Value!;

    /// <summary>Types a command; what happens has to be what the page says.</summary>
    public void Take(ConsoleStep step)
    {
        Shell shell = step.Host switch
        {
            "" => _node,
            "client" => _client,
            _ => throw new InvalidDataException($"{step.Place}: there is no host \"{step.Host}\"."),
        };
        (int exitCode, IReadOnlyList<string> printed) = shell.Run(step.Command);
        Assert.True(
            exitCode == step.ExitCode && Printed.Matches(step.Output, printed),
            string.Join('\n',
            [
                $"{step.Place}: {step.Command}",
                $"-- exit code {exitCode}, the page says {step.ExitCode}; printed:", .. printed,
                "-- the page says:", .. step.Output,
            ]));
    }

    private static string Overlay(string folder, string layer) =>
        $"mkdir -p {layer}/upper {layer}/work && "
        + $"mount -t overlay overlay -o lowerdir={folder},upperdir={layer}/upper,workdir={layer}/work {folder}";
}
