using System.Diagnostics;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Units;

/// <summary>
/// What systemd makes of the unit file for lbd, made without systemd: a user that is not root, the capabilities of the
/// file, its preparations, file systems that are read-only but for what the file says.
/// </summary>
/// <remarks>
/// A process holds a mount namespace with a BPF file system that belongs to root alone, as systemd mounts it: it
/// outlives each lbd, as the host's does.
/// </remarks>
internal sealed class UnitSandbox : IDisposable
{
    private const string User = "64321";
    private const string BpfFs = "/sys/fs/bpf";
    private const string RunDirectory = "/run/lb";

    private readonly Process _holder;
    private readonly Topology _topology;

    private UnitSandbox(Topology topology)
    {
        _topology = topology;
        _holder = Command.Start(
            "unshare", "--mount", "--propagation", "private", "sh", "-c",
            $"mount -t bpf -o mode=0700 bpf {BpfFs} && mount -t tmpfs tmpfs /run && exec sleep infinity");
        Wait.Until(() => TryRun("findmnt", "--noheadings", "-t", "tmpfs", "/run").ExitCode == 0, "the file systems are there");
    }

    /// <summary>The unit.</summary>
    public UnitFile Unit { get; } = UnitFile.Read();

    /// <summary>Makes one whose user owns the folder of the topology, and runs the unit's preparations.</summary>
    public static UnitSandbox Create(Topology topology)
    {
        UnitSandbox sandbox = topology.Own(new UnitSandbox(topology));
        sandbox.Prepare();
        return sandbox;
    }

    /// <summary>What systemd does before each start.</summary>
    public void Prepare()
    {
        Command.Run("chown", "-R", User, _topology.Folder); // StateDirectory=
        Run("install", "-d", "-o", User, RunDirectory); // RuntimeDirectory=
        foreach (string command in Unit.Preparations)
        {
            // The unit's user is not there; its group is made the number too.
            Run("sh", "-c", command.Replace("lb:lb", $"{User}:{User}", StringComparison.Ordinal)
                .Replace("-o lb -g lb", $"-o {User} -g {User}", StringComparison.Ordinal));
        }
    }

    /// <summary>The command that becomes lbd, before its path.</summary>
    /// <param name="without">Capabilities of the unit that are taken away.</param>
    public string[] Start(params string[] without)
    {
        string capabilities = string.Concat(
            Unit.Ambient.Except(without).Select(c => $",+{c["CAP_".Length..].ToLowerInvariant()}"));
        string[] writable = [.. Unit.Writable, RunDirectory, _topology.Folder];
        string mounts = string.Join(" && ",
        [
            .. writable.Select(path => $"mount --bind {path} {path}"),
            .. ((string[])["/", "/sys", BpfFs, "/run"]).Select(path => $"mount -o remount,bind,ro {path}"),
        ]);
        return
        [
            .. AsRoot(), "unshare", "--mount", "sh", "-c", $"{mounts} && exec \"$@\"", "sh",
            "env", $"STATE_DIRECTORY={_topology.Folder}",
            "setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", $"--inh-caps=-all{capabilities}",
            $"--ambient-caps=-all{capabilities}", $"--bounding-set=-all{capabilities}", "--no-new-privs",
        ];
    }

    /// <summary>The command that runs something as root beside the BPF file system of the sandbox.</summary>
    public string[] AsRoot() => ["nsenter", $"--target={_holder.Id}", "--mount"];

    /// <summary>Runs a command as root in the sandbox; throws when it fails.</summary>
    public string Run(string file, params IEnumerable<string> arguments) =>
        Command.Run("nsenter", [.. AsRoot()[1..], file, .. arguments]);

    /// <summary>The same, however it ends.</summary>
    public (int ExitCode, string Output, string Error) TryRun(string file, params IEnumerable<string> arguments) =>
        Command.TryRun("nsenter", [.. AsRoot()[1..], file, .. arguments]);

    public void Dispose()
    {
        _holder.Kill();
        _holder.WaitForExit();
        _holder.Dispose();
    }
}
