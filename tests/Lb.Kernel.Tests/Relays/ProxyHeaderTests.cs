using System.Net;
using System.Text;
using Lb.Kernel.Relays;
using SocketAddress = Lb.Kernel.Interop.SocketAddress;

namespace Lb.Kernel.Tests.Relays;

public sealed class ProxyHeaderTests
{
    private const int Mutations = 100_000;

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n", "192.0.2.1:56324", "198.51.100.2:443")]
    [InlineData("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535", "255.255.255.255:65535")]
    [InlineData("PROXY TCP6 2001:db8::1 2001:DB8::2 1 0\r\n", "[2001:db8::1]:1", "[2001:db8::2]:0")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:192.0.2.2 1 2\r\n", "192.0.2.1:1", "192.0.2.2:2")]
    public void Line_of_version_1_names_both_ends(string line, string source, string destination)
    {
        Assert.Equal(ProxyReading.Whole, Read($"{line}after", out ProxyHeader header, out int length));

        Assert.Equal(line.Length, length);
        Assert.Equal((source, destination), (Text(header.Source), Text(header.Destination)));
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n")]
    public void Line_of_version_1_that_is_unknown_names_nobody(string line)
    {
        Assert.Equal(ProxyReading.Whole, Read(line, out ProxyHeader header, out int length));

        Assert.Equal(line.Length, length);
        Assert.False(header.HasAddresses);
    }

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 56324\r\n")]
    [InlineData("PROXY TCP4  192.0.2.1 198.51.100.2 56324 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 56324 443 \r\n")]
    [InlineData("PROXY TCP4 192.0.2.01 198.51.100.2 56324 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2 198.51.100.2 56324 443\r\n")]
    [InlineData("PROXY TCP4 ::1 ::2 56324 443\r\n")]
    [InlineData("PROXY TCP6 192.0.2.1 198.51.100.2 56324 443\r\n")]
    [InlineData("PROXY TCP6 fe80::1%eth0 ::2 56324 443\r\n")]
    [InlineData("PROXY TCP6 [::1] ::2 56324 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 056 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 65536 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 -1 443\r\n")]
    [InlineData("PROXY UDP4 192.0.2.1 198.51.100.2 1 443\r\n")]
    [InlineData("PROXY UNKNOWNX\r\n")]
    [InlineData("PROXY \r\n")]
    public void Line_of_version_1_that_is_damaged_is_wrong(string line) =>
        Assert.Equal(ProxyReading.Wrong, Read(line, out _, out _));

    [Fact]
    public void Line_of_version_1_is_waited_for_as_long_as_it_can_be_right()
    {
        string longest = $"PROXY UNKNOWN {new string('x', ProxyV1.MostBytes - 16)}\r\n";
        Assert.Equal(ProxyV1.MostBytes, longest.Length);
        Assert.All(
            Enumerable.Range(0, longest.Length),
            length => Assert.Equal(ProxyReading.Short, Read(longest[..length], out _, out _)));

        Assert.Equal(ProxyReading.Whole, Read(longest, out _, out _));
        Assert.Equal(ProxyReading.Wrong, Read(longest.Insert(20, "x"), out _, out _));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PROXYTCP4")]
    [InlineData("\r\n\r\n\0\r\nQUIX")]
    public void Other_bytes_are_no_header(string bytes) => Assert.Equal(ProxyReading.Missing, Read(bytes, out _, out _));

    [Fact]
    public void Version_that_is_not_accepted_is_wrong()
    {
        byte[] second = Version2(0x21, 0x11, Ipv4());

        Assert.Equal(ProxyReading.Wrong, ProxyHeader.Read(second, ProxyAccept.V1, TransportProtocol.Tcp, out _, out _));
        Assert.Equal(ProxyReading.Wrong, ProxyHeader.Read(
            "PROXY UNKNOWN\r\n"u8, ProxyAccept.V2, TransportProtocol.Tcp, out _, out _));
        Assert.Equal(ProxyReading.Whole, ProxyHeader.Read(second, ProxyAccept.V2, TransportProtocol.Tcp, out _, out _));
    }

    [Fact]
    public void Part_of_version_2_is_short()
    {
        byte[] whole = Version2(0x21, 0x11, [.. Ipv4(), 4, 0, 1, 0]);
        Assert.All(
            Enumerable.Range(0, whole.Length),
            length => Assert.Equal(ProxyReading.Short, Read(whole.AsSpan(0, length), out _, out _)));
        Assert.Equal(ProxyReading.Whole, Read(whole, out _, out int taken));
        Assert.Equal(whole.Length, taken);
    }

    [Theory]
    [InlineData(0x11, 0x11, 12)] // version 1 in binary
    [InlineData(0x22, 0x11, 12)] // a command that is not known
    [InlineData(0x21, 0x41, 12)] // a family that is not known
    [InlineData(0x21, 0x13, 12)] // a transport that is not known
    [InlineData(0x21, 0x11, 11)] // too short for its addresses
    [InlineData(0x21, 0x21, 35)]
    [InlineData(0x21, 0x31, 215)]
    [InlineData(0x21, 0x11, 14)] // two bytes are no TLV
    [InlineData(0x21, 0x11, 16 * 1024)] // longer than is read
    public void Version_2_that_is_damaged_is_wrong(int command, int family, int length) =>
        Assert.Equal(ProxyReading.Wrong, Read(Version2(command, family, new byte[length]), out _, out _));

    [Theory]
    [InlineData(0x20, 0x00, 0)] // LOCAL
    [InlineData(0x20, 0x11, 7)] // LOCAL: what follows is of no meaning
    [InlineData(0x21, 0x00, 9)] // unspecified
    [InlineData(0x21, 0x31, 216)] // Unix
    [InlineData(0x21, 0x12, 12)] // a datagram's, on a stream
    public void Version_2_may_name_nobody(int command, int family, int length)
    {
        byte[] whole = Version2(command, family, new byte[length]);

        Assert.Equal(ProxyReading.Whole, Read(whole, out ProxyHeader header, out int taken));

        Assert.Equal(whole.Length, taken);
        Assert.False(header.HasAddresses);
    }

    [Fact]
    public void Checksum_of_the_specification_is_right_and_another_is_not()
    {
        SocketAddress client = new(IPAddress.Parse("192.0.2.1"), 1);
        byte[] bytes = new byte[ProxyV2.MostWritten];
        int length = ProxyV2.Write(bytes, client, client, TransportProtocol.Tcp, [], checksum: true);
        Assert.Equal(ProxyReading.Whole, Read(bytes.AsSpan(0, length), out _, out _));

        bytes[16] ^= 1;

        Assert.Equal(ProxyReading.WrongChecksum, Read(bytes.AsSpan(0, length), out _, out _));
    }

    [Fact]
    public void Mutated_headers_never_throw_and_never_take_more_than_there_is()
    {
        Random random = new(20260103);
        SocketAddress v6 = new(IPAddress.Parse("2001:db8::1"), 1);
        byte[] buffer = new byte[ProxyV2.MostWritten];
        int length = ProxyV2.Write(buffer, v6, v6, TransportProtocol.Tcp, [1, 0, 2, 104, 50, 2, 0, 1, 97], checksum: true);
        byte[][] seeds =
        [
            buffer[..length], Version2(0x21, 0x11, [.. Ipv4(), 1, 0, 2, 104, 50]),
            Encoding.ASCII.GetBytes("PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\nabc"),
            Encoding.ASCII.GetBytes("PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n"),
        ];
        HashSet<ProxyReading> seen = [];
        for (int i = 0; i < Mutations; i++)
        {
            byte[] bytes = Mutation.Of(seeds[i % seeds.Length], random);

            ProxyReading state = Read(bytes, out _, out int taken);

            seen.Add(state);
            Assert.InRange(taken, 0, bytes.Length);
        }

        Assert.Equal(5, seen.Count);
    }

    private static byte[] Ipv4() => [192, 0, 2, 1, 198, 51, 100, 2, 0, 1, 0, 2];

    private static byte[] Version2(int command, int family, byte[] rest) =>
        [.. ProxyV2.Signature, (byte)command, (byte)family, .. Hellos.Number(rest.Length), .. rest];

    private static ProxyReading Read(string bytes, out ProxyHeader header, out int length) =>
        Read(Encoding.Latin1.GetBytes(bytes), out header, out length);

    private static ProxyReading Read(ReadOnlySpan<byte> bytes, out ProxyHeader header, out int length) =>
        ProxyHeader.Read(bytes, ProxyAccept.Any, TransportProtocol.Tcp, out header, out length);

    private static string Text(SocketAddress address) => new IPEndPoint(new IPAddress(address.Address), address.Port).ToString();
}
