using System.Buffers;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>What comes of the first bytes of a connection.</summary>
internal enum GreetingStep : byte
{
    /// <summary>More bytes are needed.</summary>
    Wait,

    /// <summary>A backend can be chosen.</summary>
    Choose,

    /// <summary>The connection is ended.</summary>
    Reject,
}

/// <summary>The beginning of one connection, from its acceptance until a backend has been sent the first bytes.</summary>
internal sealed class Greeting(GreetingPlan plan, SocketAddress peer, bool expectsHeader)
{
    private const int SmallestBuffer = 1024;

    /// <summary>A header and a ClientHello, each as long as it may be.</summary>
    private const int MostBytes = ProxyV2.MostBytes + ClientHello.MostBytes;

    private byte[]? _held;
    private int _from;
    private int _to;
    private int _needed;
    private bool _awaitsHeader = expectsHeader;
    private bool _awaitsHello = plan.ReadsHello;
    private ProxyHeader _header = ProxyHeader.Silent;
    private ClientHello _hello = ClientHello.Silent;

    /// <summary>Whose connection it is is known only when the header has been read.</summary>
    public bool HidesClient => _awaitsHeader;

    /// <summary>Nothing more is read before a backend is connected to.</summary>
    public bool IsDecided => !_awaitsHeader && !_awaitsHello;

    /// <summary>Who sends the header and what it says; silent without one.</summary>
    public ProxyHeader Header => _header;

    /// <summary>Backends that it may go to; null for all.</summary>
    public TlsCandidates? Candidates { get; private set; }

    /// <summary>Why it is ended.</summary>
    public RelayRejection Rejection { get; private set; }

    /// <summary>Bytes that may still be added.</summary>
    public int Room => MostBytes - _to;

    /// <summary>Who has connected: the proxy, where there is a header.</summary>
    public SocketAddress Peer => peer;

    /// <summary>All that was read.</summary>
    public ReadOnlySpan<byte> Read => _held.AsSpan(0, _to);

    /// <summary>Bytes of the client that its backend is to be sent.</summary>
    public ReadOnlySpan<byte> Held => _held.AsSpan(_from, _to - _from);

    /// <summary>A backend is sent something as soon as it is connected to.</summary>
    public bool SpeaksFirst => plan.Proxy.Send != ProxySend.Off || !Held.IsEmpty;

    /// <summary>It began as TLS, so that its client understands an alert.</summary>
    public bool IsTls { get; private set; }

    /// <summary>Takes bytes that have come.</summary>
    public GreetingStep Add(ReadOnlySpan<byte> bytes)
    {
        Keep(bytes);
        if (_to - _from < _needed)
        {
            return GreetingStep.Wait;
        }

        GreetingStep step = _awaitsHeader ? TakeHeader() : GreetingStep.Choose;
        return step == GreetingStep.Choose && _awaitsHello ? TakeHello() : step;
    }

    /// <summary>Gives back what it holds.</summary>
    public void Release()
    {
        if (_held is { } held)
        {
            ArrayPool<byte>.Shared.Return(held);
            _held = null;
            (_from, _to) = (0, 0);
        }
    }

    /// <summary>Writes the header that a backend is sent.</summary>
    /// <param name="into">Where to; <see cref="ProxyV2.MostWritten"/> bytes are enough.</param>
    /// <param name="client">The client's address.</param>
    /// <param name="vip">What it connected to, where no header says so.</param>
    /// <returns>Bytes that were written.</returns>
    public int WriteHeader(Span<byte> into, SocketAddress client, SocketAddress vip)
    {
        SocketAddress destination = _header.HasAddresses ? _header.Destination : vip;
        return plan.Proxy.Send switch
        {
            ProxySend.V1 => ProxyV1.Write(into, client, destination),
            ProxySend.V2 => WriteV2(into, client, destination),
            _ => 0,
        };
    }

    private int WriteV2(Span<byte> into, SocketAddress client, SocketAddress destination)
    {
        byte[] tlvs = ArrayPool<byte>.Shared.Rent(ProxyV2.MostWritten);
        int length = SentTlvs.Write(tlvs, plan.Proxy.Tlvs, _header.Tlvs, _hello, Candidates?.Protocol);
        int written = ProxyV2.Write(
            into,
            client,
            destination,
            TransportProtocol.Tcp,
            tlvs.AsSpan(0, length),
            plan.Proxy.Tlvs.HasFlag(ProxyTlvs.Crc32C));
        ArrayPool<byte>.Shared.Return(tlvs);
        return written;
    }

    private GreetingStep TakeHeader()
    {
        ProxyReading state = ProxyHeader.Read(
            Held, plan.Proxy.Accept, TransportProtocol.Tcp, out _header, out int length);
        if (state == ProxyReading.Short)
        {
            return GreetingStep.Wait;
        }

        if (state == ProxyReading.Whole)
        {
            _awaitsHeader = false;
            _from += length;
            return GreetingStep.Choose;
        }

        Rejection = state switch
        {
            ProxyReading.Missing => RelayRejection.NoHeader,
            ProxyReading.WrongChecksum => RelayRejection.BadChecksum,
            _ => RelayRejection.BadHeader,
        };
        return GreetingStep.Reject;
    }

    private GreetingStep TakeHello()
    {
        HelloReading state = ClientHello.Read(Held, out _hello, out _needed);
        IsTls = state != HelloReading.Other;
        if (state == HelloReading.Short)
        {
            return GreetingStep.Wait;
        }

        _awaitsHello = false;
        if (plan.Names is not { } names)
        {
            return GreetingStep.Choose;
        }

        Candidates = names.Choose(_hello, out RelayRejection rejection);
        Rejection = rejection;
        return Candidates is null ? GreetingStep.Reject : GreetingStep.Choose;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_held is null || _held.Length - _to < bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallestBuffer, _to + bytes.Length));
            _held.AsSpan(0, _to).CopyTo(larger);
            int to = _to;
            int from = _from;
            Release();
            (_held, _from, _to) = (larger, from, to);
        }

        bytes.CopyTo(_held.AsSpan(_to));
        _to += bytes.Length;
    }
}
