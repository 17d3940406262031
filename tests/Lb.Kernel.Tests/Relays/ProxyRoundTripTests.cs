using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Lb.Kernel.Relays;
using SocketAddress = Lb.Kernel.Interop.SocketAddress;

namespace Lb.Kernel.Tests.Relays;

/// <summary>What is written is read as it was.</summary>
public sealed class ProxyRoundTripTests
{
    private static readonly Gen<IPEndPoint> s_end =
        from six in Gen.Elements(false, true)
        from bytes in Gen.ArrayOf(Gen.Choose(0, 255), 16)
        from port in Gen.Choose(0, ushort.MaxValue)
        select new IPEndPoint(new IPAddress([.. bytes.Take(six ? 16 : 4).Select(b => (byte)b)]), port);

    private static readonly Gen<byte[]> s_tlvs =
        from tlvs in Gen.ListOf(
            from type in Gen.Elements<byte>(1, 2, 4, 5, 0x20, 0x30, 0xe0)
            from value in Gen.ArrayOf(Gen.Choose(0, 255))
            select (byte[])[type, .. Hellos.Number(value.Length), .. value.Select(b => (byte)b)])
        select tlvs.SelectMany(tlv => tlv).ToArray();

    [Fact]
    public void Version_1_is_read_as_it_was_written() => Hold(
        from source in s_end from destination in s_end select (source, destination),
        ends =>
        {
            byte[] bytes = new byte[ProxyV1.MostBytes];
            int length = ProxyV1.Write(bytes, Of(ends.source), Of(ends.destination));

            Assert.Equal(ProxyReading.Whole, ProxyHeader.Read(
                bytes, ProxyAccept.V1, TransportProtocol.Tcp, out ProxyHeader header, out int taken));

            Assert.Equal(length, taken);
            AssertEnds(ends, header);
        });

    [Theory]
    [InlineData(TransportProtocol.Tcp)]
    [InlineData(TransportProtocol.Udp)]
    public void Version_2_is_read_as_it_was_written(TransportProtocol carrier) => Hold(
        from source in s_end
        from destination in s_end
        from tlvs in s_tlvs
        from checksum in Gen.Elements(false, true)
        select (source, destination, tlvs, checksum),
        sent =>
        {
            byte[] bytes = new byte[ProxyV2.MostWritten + sent.tlvs.Length];
            int length = ProxyV2.Write(
                bytes, Of(sent.source), Of(sent.destination), carrier, sent.tlvs, sent.checksum);

            Assert.Equal(ProxyReading.Whole, ProxyHeader.Read(
                bytes, ProxyAccept.V2, carrier, out ProxyHeader header, out int taken));

            Assert.Equal(length, taken);
            AssertEnds((sent.source, sent.destination), header);
            Assert.Equal(sent.tlvs, header.Tlvs[..sent.tlvs.Length]);
            Assert.Equal(sent.checksum ? ProxyTlv.ChecksumSize : 0, header.Tlvs.Length - sent.tlvs.Length);
        });

    private static void AssertEnds((IPEndPoint Source, IPEndPoint Destination) sent, ProxyHeader header)
    {
        Assert.Equal(sent.Source, End(header.Source));
        Assert.Equal(sent.Destination, End(header.Destination));
    }

    private static SocketAddress Of(IPEndPoint end) => new(end.Address, (ushort)end.Port);

    private static IPEndPoint End(SocketAddress address) => new(new IPAddress(address.Address), address.Port);

    private static void Hold<T>(Gen<T> generator, Action<T> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(generator.ToArbitrary(), holds));
}
