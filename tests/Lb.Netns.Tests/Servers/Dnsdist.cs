using System.Diagnostics;
using System.Net;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Servers;

/// <summary>A real dnsdist, which speaks the PROXY protocol over UDP in both directions.</summary>
internal sealed class Dnsdist : IDisposable
{
    /// <summary>A TLV of our own that one in front sends.</summary>
    private const int Tlv = 224;

    private readonly Process _process;

    private Dnsdist(Process process) => _process = process;

    /// <summary>One that answers each question with the client's address, as headers have it.</summary>
    /// <param name="topology">Where.</param>
    /// <param name="backend">The backend that it is.</param>
    /// <param name="six">It listens on the backend's address of IPv6.</param>
    /// <param name="needsTlv">It refuses whoever has not the TLV of one in front.</param>
    public static Dnsdist StartBehind(Topology topology, Backend backend, bool six, bool needsTlv = false) => Start(
        topology,
        backend.Namespace,
        $"dnsdist-{backend.Name}",
        new IPEndPoint(six ? backend.V6 : backend.V4, Addresses.ServerPort),
        $$"""
        setProxyProtocolACL({"0.0.0.0/0", "::/0"})
        addAction(AllRule(), LuaAction(function(dq)
          if {{(needsTlv ? "true" : "false")}} and dq:getProxyProtocolValues()[{{Tlv}}] ~= "lb" then
            return DNSAction.Refused, ""
          end
          return DNSAction.Spoof, dq.remoteaddr:toString()
        end))
        """);

    /// <summary>One in the client's namespace that sends all questions on, each with a header.</summary>
    public static Dnsdist StartInFront(Topology topology, IPEndPoint listen, IPEndPoint service) => Start(
        topology,
        topology.Client,
        "dnsdist-front",
        listen,
        $$"""
        newServer({address="{{service}}", useProxyProtocol=true, sockets=4})
        getServer(0):setUp()
        addAction(AllRule(), SetProxyProtocolValuesAction({ [{{Tlv}}] = "lb" }))
        """);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static Dnsdist Start(Topology topology, TestNamespace host, string name, IPEndPoint listen, string config)
    {
        string file = Path.Combine(topology.Folder, $"{name}.conf");
        File.WriteAllText(
            file,
            $$"""
            setSecurityPollSuffix("")
            setACL({"0.0.0.0/0", "::/0"})
            addLocal("{{listen}}")
            {{config}}

            """);
        var server = topology.Own(new Dnsdist(host.Start("dnsdist", "--supervised", "--disable-syslog", "-C", file)));
        Wait.Until(
            () => host.Run("ss", "-lunH").Contains($":{listen.Port} ", StringComparison.Ordinal), $"{name} listens");
        return server;
    }
}
