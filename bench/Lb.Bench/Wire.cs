using System.Diagnostics;
using System.Globalization;

namespace Lb.Bench;

/// <summary>A veth pair of the current network namespace, whose far end drops what it gets by XDP.</summary>
internal sealed class Wire : IDisposable
{
    private const string Near = "lbbench0";
    private const string Far = "lbbench1";

    public Wire()
    {
        Ip("link", "add", Near, "type", "veth", "peer", "name", Far);
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, Wrapper.Elf());
            Ip("link", "set", "dev", Far, "xdpdrv", "object", file, "program", "lb_sink");
            Ip("link", "set", "dev", Near, "up");
            Ip("link", "set", "dev", Far, "up");
            // The line begins with it.
            Index = int.Parse(Ip("-o", "link", "show", "dev", Near).Split(':')[0], CultureInfo.InvariantCulture);
        }
        catch
        {
            Dispose();
            throw;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Index of the near end.</summary>
    public int Index { get; }

    public void Dispose() => Ip("link", "delete", Near);

    /// <summary>Runs ip; what it prints is little.</summary>
    private static string Ip(params string[] arguments)
    {
        using Process ip = Process.Start(new ProcessStartInfo("ip", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string output = ip.StandardOutput.ReadToEnd();
        string problem = ip.StandardError.ReadToEnd();
        ip.WaitForExit();
        return ip.ExitCode == 0 ? output : throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {problem}");
    }
}
