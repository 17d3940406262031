using System.Collections.Immutable;
using System.Net;
using System.Text;
using Lb.Kernel.Relays;
using SocketAddress = Lb.Kernel.Interop.SocketAddress;

namespace Lb.Kernel.Tests.Relays;

/// <summary>The beginning of a connection: what is read of it, and what a backend is sent first.</summary>
public sealed class GreetingTests
{
    private static readonly Endpoint s_backend = new(IPAddress.Parse("10.0.0.1"), 443, TransportProtocol.Tcp);
    private static readonly RelayBackend s_known = new(s_backend);
    private static readonly SocketAddress s_proxy = Address("10.1.2.3", 5);
    private static readonly SocketAddress s_vip = Address("203.0.113.1", 443);

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("10.2.0.0", false)]
    [InlineData("192.0.2.129", true)]
    [InlineData("192.0.2.128", true)]
    [InlineData("192.0.2.127", false)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("fd00:1::1", true)]
    [InlineData("fe00::", false)]
    public void Headers_are_taken_from_trusted_prefixes_only(string peer, bool trusted) => Assert.Equal(
        trusted, Plan("10.1.0.0/16", "192.0.2.128/25", "fd00::/7").Trusts(Address(peer, 1)));

    [Fact]
    public void Connection_of_another_source_is_not_read() => Assert.Null(Plan("10.1.0.0/16").Begin(Address("10.2.0.1", 1)));

    [Fact]
    public void Service_without_a_greeting_has_no_plan() =>
        Assert.Null(GreetingPlan.Of(RelaySettings.Default, RelayTable.Empty, Find));

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100_000)]
    public void Header_and_hello_are_read_in_pieces_of_any_size_and_the_hello_is_kept(int piece)
    {
        byte[] hello = [.. Hellos.Real("a.example", "h2"), 1, 2, 3];
        byte[] bytes = [.. "PROXY TCP4 192.0.2.1 203.0.113.1 7 443\r\n"u8, .. hello];
        Greeting greeting = Named("a.example", RelayProxy.Off with { Accept = ProxyAccept.Any, Trusted = [Prefix("10.0.0.0/8")] })
            .Begin(s_proxy)!;

        GreetingStep step = GreetingStep.Wait;
        int at = 0;
        for (; at < bytes.Length && step == GreetingStep.Wait; at += piece)
        {
            step = greeting.Add(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)));
        }

        Assert.Equal(GreetingStep.Choose, step);
        Assert.True(greeting.IsDecided);
        Assert.Equal(7, greeting.Header.Source.Port);
        Assert.True(greeting.Candidates!.Has(s_known));
        Assert.Equal(hello.AsSpan()[..^3], greeting.Held[..(hello.Length - 3)]);
        greeting.Release();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", RelayRejection.NoHeader)]
    [InlineData("PROXY TCP4 x\r\n", RelayRejection.BadHeader)]
    public void What_is_no_header_is_rejected(string bytes, RelayRejection why)
    {
        Greeting greeting = Plan("10.0.0.0/8").Begin(s_proxy)!;

        Assert.Equal(GreetingStep.Reject, greeting.Add(Encoding.ASCII.GetBytes(bytes)));
        Assert.Equal(why, greeting.Rejection);
    }

    [Fact]
    public void Name_of_nobody_is_rejected_and_its_client_understands_an_alert()
    {
        Greeting greeting = Named("a.example", RelayProxy.Off).Begin(s_proxy)!;

        Assert.Equal(GreetingStep.Reject, greeting.Add(Hellos.Real("b.example")));

        Assert.Equal((RelayRejection.NoName, true), (greeting.Rejection, greeting.IsTls));
    }

    [Fact]
    public void Client_that_does_not_speak_tls_is_one_without_a_name()
    {
        Greeting greeting = Named("a.example", RelayProxy.Off).Begin(s_proxy)!;

        Assert.Equal(GreetingStep.Reject, greeting.Add("SSH-2.0-x\r\n"u8));

        Assert.Equal((RelayRejection.NoName, false), (greeting.Rejection, greeting.IsTls));
    }

    [Fact]
    public void Backend_is_told_name_protocol_and_number_that_nobody_sent()
    {
        Greeting greeting = Sends(ProxyTlvs.Alpn | ProxyTlvs.Authority | ProxyTlvs.UniqueId | ProxyTlvs.Crc32C).Begin(s_proxy)!;
        greeting.Add(Hellos.Real("a.example", "h2", "http/1.1"));

        ProxyHeader sent = Sent(greeting);

        Assert.Equal(["1 h2", "2 a.example", "5", "3"], Tlvs(sent.Tlvs));
    }

    [Fact]
    public void Backend_is_told_what_was_received_and_asked_for()
    {
        byte[] received = [.. Tlv(0x20, "ssl"), .. Tlv(2, "b.example"), .. Tlv(0xe0, "own"), .. Tlv(4, "x"), .. Tlv(5, "id")];
        byte[] header = new byte[ProxyV2.MostWritten];
        int length = ProxyV2.Write(header, Address("192.0.2.1", 7), s_vip, TransportProtocol.Tcp, received, checksum: true);
        Greeting greeting = GreetingPlan.Of(
            RelaySettings.Default with
            {
                Proxy = new RelayProxy(
                    ProxyAccept.V2, [Prefix("10.0.0.0/8")], ProxySend.V2,
                    ProxyTlvs.Ssl | ProxyTlvs.Authority | ProxyTlvs.UniqueId),
            },
            RelayTable.Empty, Find)!.Begin(s_proxy)!;
        greeting.Add([.. header[..length], .. Hellos.Real("a.example")]);

        ProxyHeader sent = Sent(greeting);

        Assert.Equal(["32 ssl", "2 b.example", "5 id"], Tlvs(sent.Tlvs));
        Assert.Equal("192.0.2.1", new IPAddress(sent.Source.Address).ToString());
    }

    [Theory]
    [InlineData("10.0.0.9", "10.0.0.1", true)]
    [InlineData("2001:db8::9", "10.0.0.1", false)]
    [InlineData("0.0.0.0", "10.0.0.1", false)]
    [InlineData("127.0.0.1", "10.0.0.1", false)]
    [InlineData("224.0.0.1", "10.0.0.1", false)]
    [InlineData("255.255.255.255", "10.0.0.1", false)]
    [InlineData("2001:db8::9", "fd00::1", true)]
    [InlineData("::", "fd00::1", false)]
    [InlineData("::1", "fd00::1", false)]
    [InlineData("ff02::1", "fd00::1", false)]
    public void Backend_is_connected_to_from_an_address_that_a_client_can_have(string client, string backend, bool can) =>
        Assert.Equal(can, Address(client, 1).CanReach(Address(backend, 443)));

    private static GreetingPlan Plan(params string[] trusted) => GreetingPlan.Of(
        RelaySettings.Default with { Proxy = RelayProxy.Off with { Accept = ProxyAccept.Any, Trusted = [.. trusted.Select(Prefix)] } },
        RelayTable.Empty, Find)!;

    private static GreetingPlan Sends(ProxyTlvs tlvs) => GreetingPlan.Of(
        RelaySettings.Default with { Proxy = RelayProxy.Off with { Send = ProxySend.V2, Tlvs = tlvs } }, RelayTable.Empty, Find)!;

    private static GreetingPlan Named(string name, RelayProxy proxy) => GreetingPlan.Of(
        RelaySettings.Default with { Proxy = proxy },
        RelayTable.Empty with
        {
            Slots = [new Slot(1, 1, false)],
            Backends = ImmutableDictionary<uint, Endpoint>.Empty.Add(1, s_backend),
            Tls = ImmutableDictionary<Endpoint, TlsMatch>.Empty.Add(s_backend, new TlsMatch([name], [])),
        },
        Find)!;

    private static ProxyHeader Sent(Greeting greeting)
    {
        SocketAddress client = greeting.Header.HasAddresses ? greeting.Header.Source : s_proxy;
        byte[] bytes = new byte[ProxyV2.MostWritten];
        int length = greeting.WriteHeader(bytes, client, s_vip);
        Assert.Equal(ProxyReading.Whole, ProxyHeader.Read(
            bytes.AsSpan(0, length), ProxyAccept.V2, TransportProtocol.Tcp, out ProxyHeader sent, out int taken));
        Assert.Equal(length, taken);
        greeting.Release();
        return sent;
    }

    /// <summary>TLVs as type and text; of numbers and checksums the type.</summary>
    private static List<string> Tlvs(ReadOnlySpan<byte> rest)
    {
        List<string> all = [];
        while (ProxyTlv.Take(ref rest, out ProxyTlv tlv))
        {
            bool text = tlv.Type != ProxyTlv.Checksum && tlv.Value.Length != 16;
            all.Add(text ? $"{tlv.Type} {Encoding.ASCII.GetString(tlv.Value)}" : $"{tlv.Type}");
        }

        return all;
    }

    private static byte[] Tlv(byte type, string text) => [type, .. Hellos.Number(text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static RelayBackend Find(Endpoint socket) => s_known;

    private static SocketAddress Address(string text, ushort port) => new(IPAddress.Parse(text).GetAddressBytes(), port);

    private static IPNetwork Prefix(string text) => IPNetwork.Parse(text);
}
