using System.Net;
using System.Net.Sockets;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Programs;

/// <summary>Which sockets the program <c>lb_lookup</c> names (<c>BPF_PROG_TEST_RUN</c>).</summary>
[Collection(KernelCollection.Name)]
public class LookupProgramTests
{
    public static TheoryData<string> Loopbacks => ["127.0.0.1", "::1"];

    [RootTheory]
    [MemberData(nameof(Loopbacks))]
    public void Names_the_socket_of_a_vip_port_and_protocol_and_of_nothing_else(string address)
    {
        var vip = IPAddress.Parse(address);
        using LookupProgram program = LookupProgram.Load();
        using Socket tcp = Listen(vip);
        using Socket udp = Bind(vip);
        Endpoint web = new(vip, 80, TransportProtocol.Tcp);
        Endpoint dns = new(vip, 53, TransportProtocol.Udp);
        Assert.Equal(0UL, program.Run(web));

        program.Set(web, tcp.SafeHandle);
        program.Set(dns, udp.SafeHandle);

        Assert.Equal(CookieOf(tcp), program.Run(web));
        Assert.Equal(CookieOf(udp), program.Run(dns));
        Assert.Equal(0UL, program.Run(web with { Port = 81 }));
        Assert.Equal(0UL, program.Run(web with { Protocol = TransportProtocol.Udp }));
        Assert.Equal(0UL, program.Run(web with { Address = IPAddress.Parse("192.0.2.1") }));
        Assert.Equal(0UL, program.Run(web with { Address = IPAddress.Parse("2001:db8::1") }));
    }

    [RootTheory]
    [MemberData(nameof(Loopbacks))]
    public void Leaves_to_the_kernel_what_was_removed_or_closed(string address)
    {
        var vip = IPAddress.Parse(address);
        using LookupProgram program = LookupProgram.Load();
        using Socket tcp = Listen(vip);
        Socket other = Listen(vip);
        Endpoint web = new(vip, 80, TransportProtocol.Tcp);
        program.Set(web, tcp.SafeHandle);
        program.Set(web with { Port = 81 }, other.SafeHandle);
        Assert.NotEqual(0UL, program.Run(web with { Port = 81 }));

        program.Remove(web);
        other.Dispose();

        Assert.Equal(0UL, program.Run(web));
        Assert.Equal(0UL, program.Run(web with { Port = 81 }));
    }

    private static Socket Listen(IPAddress address)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        socket.Listen();
        return socket;
    }

    private static Socket Bind(IPAddress address)
    {
        Socket socket = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    /// <summary>The kernel's own number of a socket (<c>SO_COOKIE</c>).</summary>
    private static ulong CookieOf(Socket socket)
    {
        byte[] cookie = new byte[sizeof(ulong)];
        socket.GetRawSocketOption(1, 57, cookie);
        return BitConverter.ToUInt64(cookie);
    }
}
