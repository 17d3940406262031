using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>The loop's part in headers of the PROXY protocol that datagrams have: each its own.</summary>
internal sealed unsafe partial class RelayLoop
{
    /// <summary>In front of what a client has sent, for the header that its backend is sent.</summary>
    private const int HeaderRoom = ProxyV2.MostWritten;

    /// <summary>Takes the header off that a trusted source has to send.</summary>
    /// <returns>False when there is none that is right: the datagram is dropped, and counted.</returns>
    private static bool TakeHeader(
        DatagramPort port, GreetingPlan? plan, SocketAddress peer, ref byte* datagram, ref nint length, out ProxyHeader header)
    {
        header = ProxyHeader.Silent;
        if (plan is null || plan.Proxy.Accept == ProxyAccept.Off || !plan.Trusts(peer))
        {
            return true;
        }

        ProxyReading state = ProxyHeader.Read(
            new ReadOnlySpan<byte>(datagram, (int)length),
            ProxyAccept.V2,
            TransportProtocol.Udp,
            out header,
            out int taken);
        if (state != ProxyReading.Whole)
        {
            port.Service.AddRejected(state switch
            {
                ProxyReading.Missing => RelayRejection.NoHeader,
                ProxyReading.WrongChecksum => RelayRejection.BadChecksum,
                // What is short now stays so: nothing follows a datagram.
                _ when length == 0 => RelayRejection.NoHeader,
                _ => RelayRejection.BadHeader,
            });
            return false;
        }

        datagram += taken;
        length -= taken;
        return true;
    }

    /// <summary>Puts a header in front of a datagram.</summary>
    private static void PutHeader(
        DatagramFlow flow, GreetingPlan plan, in ProxyHeader received, ref byte* datagram, ref nint length)
    {
        ReadOnlySpan<byte> header = flow.Header.Of(flow, plan.Proxy, received);
        datagram -= header.Length;
        length += header.Length;
        header.CopyTo(new Span<byte>(datagram, header.Length));
    }
}
