using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Lb.Testing;

/// <summary>A network namespace that a test owns: made with a name of its own, deleted when disposed.</summary>
public sealed partial class TestNamespace : IDisposable
{
    private const int NewNetwork = 0x4000_0000; // CLONE_NEWNET
    private static int s_count;

    private TestNamespace(string name) => Name = name;

    /// <summary>Name, as <c>ip netns</c> shows it.</summary>
    public string Name { get; }

    /// <summary>The file that stands for it.</summary>
    public string Path => $"/run/netns/{Name}";

    /// <summary>Makes a namespace with its loopback up.</summary>
    /// <param name="prefix">Of the name; the process and a number are appended.</param>
    public static TestNamespace Create(string prefix)
    {
        string name = $"{prefix}{Environment.ProcessId:x}-{Interlocked.Increment(ref s_count)}";
        Command.Run("ip", "netns", "add", name);
        var created = new TestNamespace(name);
        try
        {
            created.Ip("link set lo up");
            return created;
        }
        catch
        {
            created.Dispose();
            throw;
        }
    }

    /// <summary>Joins two namespaces with a veth pair, both ends up.</summary>
    public static void Connect(TestNamespace left, string leftInterface, TestNamespace right, string rightInterface)
    {
        Command.Run(
            "ip", "link", "add", leftInterface, "netns", left.Name,
            "type", "veth", "peer", "name", rightInterface, "netns", right.Name);
        left.Ip($"link set {leftInterface} up");
        right.Ip($"link set {rightInterface} up");
    }

    /// <summary>Runs <c>ip</c> in the namespace; arguments separated by single spaces.</summary>
    public string Ip(string arguments) => Command.Run("ip", ["-n", Name, .. arguments.Split(' ')]);

    /// <summary>Index and link-layer address of an interface of the namespace.</summary>
    public (int Index, PhysicalAddress Address) Link(string name)
    {
        using var links = JsonDocument.Parse(Ip($"-j link show dev {name}"));
        JsonElement link = links.RootElement[0];
        return (link.GetProperty("ifindex").GetInt32(), PhysicalAddress.Parse(link.GetProperty("address").GetString()));
    }

    /// <summary>Link-layer address of an interface, as <c>ip</c> writes it.</summary>
    public string Mac(string name) => string.Join(
        ':', Convert.ToHexStringLower(Link(name).Address.GetAddressBytes()).Chunk(2).Select(pair => new string(pair)));

    /// <summary>Runs a command in the namespace to its end; throws when it fails.</summary>
    public string Run(string file, params IReadOnlyList<string> arguments) =>
        Command.Run("nsenter", [$"--net={Path}", file, .. arguments]);

    /// <summary>What the kernel has counted in the namespace, by the name that <c>nstat</c> has for it.</summary>
    public long Counter(string name)
    {
        string[] line = Run("nstat", "-asz", name).Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(words => words.Length > 1 && words[0] == name);
        return long.Parse(line[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Starts a command in the namespace; the caller ends and disposes it.</summary>
    public Process Start(string file, params IReadOnlyList<string> arguments) =>
        Command.Start("nsenter", [$"--net={Path}", file, .. arguments]);

    /// <summary>Calls an action on a thread of its own that is in the namespace.</summary>
    public void Invoke(Action action) => Invoke<object?>(() =>
    {
        action();
        return null;
    });

    /// <summary>Calls a function on a thread of its own that is in the namespace.</summary>
    /// <remarks>Sockets made by it stay in the namespace, whichever thread uses them later.</remarks>
    public T Invoke<T>(Func<T> function)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                result = function();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>Deletes the namespace; what still runs in it keeps it alive until it ends.</summary>
    public void Dispose() => Command.TryRun("ip", "netns", "del", Name);

    private void Enter()
    {
        using SafeFileHandle file = File.OpenHandle(Path);
        if (SetNs(file, NewNetwork) != 0)
        {
            throw new InvalidOperationException(
                $"setns({Name}): {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNs(SafeFileHandle descriptor, int type);
}
