using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Lb.Kernel.Host.Reading;

/// <summary>Tries whether an address can be listened on, and finds who does when it cannot.</summary>
internal static class ListenerReader
{
    private const string Listening = "0A";
    private const string Unconnected = "07";
    private const int StateColumn = 3;
    private const int InodeColumn = 9;

    public static ListenerFacts Read(IPEndPoint endpoint)
    {
        try
        {
            using Socket socket = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endpoint);
            return new ListenerFacts(Problem: null, Taken: false, Holder: null);
        }
        catch (SocketException e)
        {
            bool taken = e.SocketErrorCode == SocketError.AddressAlreadyInUse;
            return new ListenerFacts(e.Message, taken, taken ? FindHolder(endpoint, TransportProtocol.Tcp) : null);
        }
    }

    /// <summary>Who has an address and port; null when that cannot be told.</summary>
    public static ProcessReference? FindHolder(IPEndPoint endpoint, TransportProtocol protocol)
    {
        (string file, string state) = protocol == TransportProtocol.Tcp ? ("tcp", Listening) : ("udp", Unconnected);
        // A listener on every address, of either family, is in the way too.
        return KernelFile.Lines($"/proc/thread-self/net/{file}").Concat(KernelFile.Lines($"/proc/thread-self/net/{file}6"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > InodeColumn
                && words[StateColumn] == state
                && Parse(words[1]) is { } local
                && local.Port == endpoint.Port
                && (local.Address.Equals(endpoint.Address) || IsAny(local.Address) || IsAny(endpoint.Address)))
            .Select(words => ProcessReader.FindBySocket(words[InodeColumn]))
            .FirstOrDefault(process => process is not null);
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>An address as words of 32 bits in the host's byte order, and a port, in hexadecimal.</summary>
    private static IPEndPoint? Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon is not (8 or 32)
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.HexNumber, null, out ushort port))
        {
            return null;
        }

        var bytes = new byte[colon / 2];
        for (int word = 0; word < bytes.Length / sizeof(uint); word++)
        {
            uint value = uint.Parse(text.AsSpan(word * 8, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Span<byte> target = bytes.AsSpan(word * sizeof(uint));
            if (BitConverter.IsLittleEndian)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(target, value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32BigEndian(target, value);
            }
        }

        return new IPEndPoint(new IPAddress(bytes), port);
    }
}
