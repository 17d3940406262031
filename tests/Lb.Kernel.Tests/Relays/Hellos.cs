using System.Buffers.Binary;
using System.Net.Security;
using System.Security.Authentication;

namespace Lb.Kernel.Tests.Relays;

/// <summary>ClientHellos: real ones, and the same in other records.</summary>
internal static class Hellos
{
    private const int RecordHead = 5;

    /// <summary>What .NET's TLS client sends first.</summary>
    public static byte[] Real(string? name, params string[] protocols) =>
        Real(name, SslProtocols.None, protocols);

    /// <summary>What .NET's TLS client sends first in one version of TLS.</summary>
    public static byte[] Real(string? name, SslProtocols version, params string[] protocols)
    {
        using FirstWrite wire = new();
        using SslStream client = new(wire);
        Assert.ThrowsAny<Exception>(() => client.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = name ?? "192.0.2.1", // an address is not sent as a name
            EnabledSslProtocols = version,
            ApplicationProtocols = protocols.Length == 0 ? null : [.. protocols.Select(p => new SslApplicationProtocol(p))],
        }));
        return wire.Bytes;
    }

    /// <summary>The message of a hello in records of so many bytes.</summary>
    public static byte[] InRecordsOf(this byte[] hello, int size) =>
    [
        .. hello.Skip(RecordHead).Chunk(size).SelectMany(part => (byte[])[22, 3, 1, .. Number(part.Length), .. part]),
    ];

    public static byte[] Number(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }

    /// <summary>Takes one write, and fails the read that follows.</summary>
    private sealed class FirstWrite : MemoryStream
    {
        public byte[] Bytes { get; private set; } = [];

        public override void Write(ReadOnlySpan<byte> buffer) => Bytes = [.. Bytes, .. buffer];

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer) => throw new IOException("there is no server");

        public override int Read(byte[] buffer, int offset, int count) => throw new IOException("there is no server");
    }
}
