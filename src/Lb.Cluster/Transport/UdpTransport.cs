using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lb.Cluster.Transport;

/// <summary>
/// Datagrams in the clear, to try things out on one host or in network namespaces: anybody who reaches the port can
/// pretend to be a node. It binds nothing but loopback and private addresses.
/// </summary>
public sealed class UdpTransport : IClusterTransport
{
    private const int SolSocket = 1;
    private const int SoReusePort = 15;

    private readonly IPEndPoint _local;
    private readonly Socket _socket;
    private readonly Action<string>? _turnedAway;
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, IPEndPoint?> _known = new(StringComparer.Ordinal);
    private Task _receiving = Task.CompletedTask;

    /// <summary>Binds an address, given as <c>host:port</c>.</summary>
    /// <param name="address">The address.</param>
    /// <param name="turnedAway">Is told of nodes that take nothing but TLS.</param>
    /// <exception cref="ArgumentException">It is no loopback or private address.</exception>
    /// <exception cref="SocketException">It cannot be bound.</exception>
    public UdpTransport(string address, Action<string>? turnedAway = null)
    {
        if (!IPEndPoint.TryParse(address, out var local) || !IsPrivate(local.Address))
        {
            throw new ArgumentException(
                $"[{address}] is no loopback or private IP address with a port: the transport is not protected and takes "
                + "no other",
                nameof(address));
        }

        _local = local;
        _turnedAway = turnedAway;
        _socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);

        // A process that takes the place of this one begins while it is still there. By mistake there are no two of
        // them for long: in the table the address is the later one's, and the other ends.
        _socket.SetRawSocketOption(SolSocket, SoReusePort, BitConverter.GetBytes(1));
        _socket.Bind(local);
    }

    /// <inheritdoc/>
    public int LongestMessage => ClusterMessageCodec.LongestMessage;

    /// <inheritdoc/>
    public Task StartAsync(ReceivedMessage received)
    {
        _receiving = Task.Run(() => ReceiveAsync(received));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Send(string address, ReadOnlySpan<byte> message)
    {
        if (Resolve(address) is not { } to)
        {
            return;
        }

        try
        {
            _socket.SendTo(message, SocketFlags.None, to);
        }
        catch (SocketException)
        {
            // As good as lost: nobody listens there, or there is no way to it at the moment.
        }
        catch (ObjectDisposedException)
        {
            // At the end.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _socket.Dispose();
        await _receiving;
        _end.Dispose();
    }

    private IPEndPoint? Resolve(string address)
    {
        lock (_known)
        {
            if (!_known.TryGetValue(address, out var to))
            {
                to = IPEndPoint.TryParse(address, out var parsed) && parsed.AddressFamily == _local.AddressFamily
                    ? parsed
                    : null;
                _known.Add(address, to);
            }

            return to;
        }
    }

    private async Task ReceiveAsync(ReceivedMessage received)
    {
        var buffer = new byte[ushort.MaxValue];
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveAsync(buffer, SocketFlags.None, _end.Token);
                if (MessageHeader.TryRead(buffer.AsSpan(0, length), out var header)
                    && header.Kind == MessageKinds.TlsOnly)
                {
                    _turnedAway?.Invoke(Encoding.UTF8.GetString(header.Sender));
                    continue;
                }

                received(buffer.AsSpan(0, length));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // A peer's port was closed: the kernel says so to whoever receives next.
            }
        }
    }

    /// <summary>Whether an address is of a loopback or private network.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal)
        {
            return true;
        }

        return address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is
            [10, ..] or [172, >= 16 and < 32, ..] or [192, 168, ..] or [169, 254, ..];
    }
}
