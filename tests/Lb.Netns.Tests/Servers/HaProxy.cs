using System.Diagnostics;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Servers;

/// <summary>A real HAProxy.</summary>
internal sealed class HaProxy : IDisposable
{
    private readonly Process _process;

    private HaProxy(Process process) => _process = process;

    /// <summary>Starts one.</summary>
    /// <param name="topology">Owns it.</param>
    /// <param name="host">Where it runs.</param>
    /// <param name="name">Names its file.</param>
    /// <param name="sections">What stands in its configuration beside timeouts.</param>
    /// <param name="port">That it listens on.</param>
    public static HaProxy Start(Topology topology, TestNamespace host, string name, string sections, int port)
    {
        string file = Path.Combine(topology.Folder, $"haproxy-{name}.cfg");
        File.WriteAllText(file, $"""
            defaults
              timeout connect 5s
              timeout client 30s
              timeout server 30s

            {sections}

            """);
        var proxy = topology.Own(new HaProxy(host.Start("haproxy", "-db", "-f", file)));
        host.WaitForListener(port);
        return proxy;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Command.Run("kill", "-TERM", $"{_process.Id}");
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
