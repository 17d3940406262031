using System.Security.Authentication;
using Lb.Kernel.Relays;

namespace Lb.Kernel.Tests.Relays;

public sealed class ClientHelloTests
{
    private const int Mutations = 100_000;

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void Hello_of_a_real_client_tells_name_and_protocols(SslProtocols version)
    {
        byte[] hello = Hellos.Real("Shop.Example", version, "h2", "http/1.1");

        Assert.Equal(HelloReading.Whole, ClientHello.Read(hello, out ClientHello read, out _));

        Assert.Equal("shop.example", read.Name);
        Assert.Equal(["h2", "http/1.1"], read.Protocols);
    }

    [Fact]
    public void Hello_without_name_and_protocols_tells_none()
    {
        Assert.Equal(HelloReading.Whole, ClientHello.Read(Hellos.Real(null), out ClientHello read, out _));

        Assert.Null(read.Name);
        Assert.Empty(read.Protocols);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(16384)]
    public void Hello_in_records_of_any_size_is_read(int size)
    {
        byte[] hello = Hellos.Real("shop.example", "h2").InRecordsOf(size);

        Assert.Equal(HelloReading.Whole, ClientHello.Read(hello, out ClientHello read, out _));

        Assert.Equal("shop.example", read.Name);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(16384)]
    public void Part_of_a_hello_is_short_and_says_how_many_bytes_it_needs(int records)
    {
        byte[] hello = Hellos.Real("shop.example", "h2").InRecordsOf(records);
        for (int length = 0; length < hello.Length; length++)
        {
            HelloReading state = ClientHello.Read(hello.AsSpan(0, length), out ClientHello read, out int needed);

            Assert.Equal(HelloReading.Short, state);
            Assert.Same(ClientHello.Silent, read);
            Assert.InRange(needed, length + 1, hello.Length);
        }
    }

    [Fact]
    public void Bytes_behind_a_hello_do_not_matter()
    {
        byte[] hello = [.. Hellos.Real("shop.example"), 23, 3, 3, 0, 1, 0];

        Assert.Equal(HelloReading.Whole, ClientHello.Read(hello, out ClientHello read, out _));

        Assert.Equal("shop.example", read.Name);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("SSH-2.0-x\r\n")]
    [InlineData("\x16\x02\x01\x00\x01")]
    [InlineData("\x16\x03\x01\x00\x00")]
    [InlineData("\x16\x03\x01\x40\x01")]
    [InlineData("\x16\x03\x01\x00\x05\x02")]
    [InlineData("\x16\x03\x01\x00\x05\x01\x01\x00\x00")]
    public void Other_bytes_are_known_by_the_first_ones(string bytes) => Assert.Equal(
        HelloReading.Other, ClientHello.Read(System.Text.Encoding.Latin1.GetBytes(bytes), out _, out _));

    [Fact]
    public void Hello_that_is_longer_than_is_read_is_not_waited_for()
    {
        byte[] start = [22, 3, 1, .. Hellos.Number(16384), 1, 0, .. Hellos.Number(16384 - 4)];

        Assert.Equal(HelloReading.Other, ClientHello.Read(start, out _, out _));
    }

    [Fact]
    public void Name_that_stands_twice_is_not_guessed_at()
    {
        byte[] name = [0, 0, 0, 6, 0, 4, 0, 0, 1, (byte)'a'];

        Assert.Equal(HelloReading.Whole, ClientHello.Read(With(name), out ClientHello once, out _));
        Assert.Equal(HelloReading.Other, ClientHello.Read(With([.. name, .. name]), out _, out _));

        Assert.Equal("a", once.Name);
    }

    [Theory]
    [InlineData("shop.example.", "shop.example")]
    [InlineData("a_b.example", "a_b.example")]
    [InlineData("shop example", null)]
    [InlineData("shop\0.example", null)]
    [InlineData("", null)]
    public void Name_is_taken_as_it_is_looked_up(string sent, string? read)
    {
        byte[] host = [0, .. Hellos.Number(sent.Length), .. System.Text.Encoding.ASCII.GetBytes(sent)];
        byte[] list = [.. Hellos.Number(host.Length), .. host];

        Assert.Equal(HelloReading.Whole, ClientHello.Read(With([0, 0, .. Hellos.Number(list.Length), .. list]), out ClientHello hello, out _));

        Assert.Equal(read, hello.Name);
    }

    [Fact]
    public void Mutated_hellos_never_throw_and_never_need_more_than_is_read()
    {
        Random random = new(20260102);
        byte[][] seeds =
        [
            Hellos.Real("shop.example", "h2", "http/1.1"), Hellos.Real(null), Hellos.Real("a.example").InRecordsOf(20),
            Hellos.Real("a.example", SslProtocols.Tls12, "x"),
        ];
        Dictionary<HelloReading, int> seen = [];
        for (int i = 0; i < Mutations; i++)
        {
            byte[] bytes = Mutation.Of(seeds[i % seeds.Length], random);

            HelloReading state = ClientHello.Read(bytes, out ClientHello hello, out int needed);

            seen[state] = seen.GetValueOrDefault(state) + 1;
            Assert.True(state != HelloReading.Short || (needed > bytes.Length && needed <= ClientHello.MostBytes));
            Assert.True(hello.Name is null or { Length: > 0 and <= 255 });
        }

        Assert.Equal(3, seen.Count);
    }

    /// <summary>A hello with nothing but these extensions.</summary>
    private static byte[] With(byte[] extensions)
    {
        byte[] body = [3, 3, .. new byte[32], 0, .. Hellos.Number(2), 0, 1, 1, 0, .. Hellos.Number(extensions.Length), .. extensions];
        byte[] message = [1, 0, .. Hellos.Number(body.Length), .. body];
        return [22, 3, 1, .. Hellos.Number(message.Length), .. message];
    }
}
