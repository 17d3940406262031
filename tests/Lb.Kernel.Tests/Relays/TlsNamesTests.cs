using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Lb.Kernel.Relays;

namespace Lb.Kernel.Tests.Relays;

/// <summary>Which backends are for which TLS clients.</summary>
public sealed class TlsNamesTests
{
    [Theory]
    [InlineData("shop.example", "1")]
    [InlineData("www.shop.example", "2")]
    [InlineData("a.b.shop.example", "2")]
    [InlineData("api.shop.example", "3")]
    [InlineData("v1.api.shop.example", "4")]
    [InlineData("both.example", "1 4")]
    [InlineData("other.example", "5")]
    [InlineData("example", "5")]
    [InlineData("xshop.example", "5")]
    [InlineData(null, "5")]
    public void Most_specific_name_decides(string? name, string backends) => Assert.Equal(
        backends,
        Chosen(
            Names(
                "shop.example both.example", "*.shop.example", "api.shop.example",
                "*.api.shop.example both.example", ""),
            name));

    [Theory]
    [InlineData("h2", "1")]
    [InlineData("http/1.1", "2")]
    [InlineData("h2 http/1.1", "1")]
    [InlineData("http/1.1 h2", "2")]
    [InlineData("smtp http/1.1", "2")]
    [InlineData("smtp", "3")]
    [InlineData("", "3")]
    public void Protocols_decide_in_the_order_of_the_client(string offered, string backends) => Assert.Equal(
        backends, Chosen(Names("a.example|h2", "a.example|http/1.1", "a.example"), "a.example", Words(offered)));

    [Theory]
    [InlineData("a.example", "smtp", RelayRejection.NoProtocol)]
    [InlineData("a.example", "", RelayRejection.NoProtocol)]
    [InlineData("b.example", "h2", RelayRejection.NoName)]
    [InlineData(null, "h2", RelayRejection.NoName)]
    public void Client_that_no_backend_is_for_is_rejected(string? name, string offered, RelayRejection why)
    {
        TlsCandidates? chosen = Names("a.example|h2").Choose(new ClientHello(name, Words(offered)), out RelayRejection rejection);

        Assert.Null(chosen);
        Assert.Equal(why, rejection);
    }

    [Fact]
    public void Backend_without_slots_keeps_its_clients_from_others()
    {
        RelayTable table = Table("a.example", "");
        TlsNames names = TlsNames.Of(table with { Slots = [new Slot(2, 2, false)] }, Backends())!;

        TlsCandidates? chosen = names.Choose(new ClientHello("a.example", []), out _);

        Assert.True(chosen!.IsEmpty);
    }

    [Fact]
    public void Table_without_names_reads_no_hello() =>
        Assert.Null(TlsNames.Of(Table("", "") with { Tls = ImmutableDictionary<Endpoint, TlsMatch>.Empty }, Backends()));

    private static string Chosen(TlsNames names, string? name, params string[] offered)
    {
        TlsCandidates? chosen = names.Choose(new ClientHello(name, offered), out _);
        Assert.NotNull(chosen);
        return string.Join(' ', Enumerable.Range(1, 9).Where(id => chosen.Has(s_backend(Socket(id)))));
    }

    private static readonly Func<Endpoint, RelayBackend> s_backend = Backends();

    private static TlsNames Names(params string[] backends) => TlsNames.Of(Table(backends), s_backend)!;

    private static Func<Endpoint, RelayBackend> Backends()
    {
        ConcurrentDictionary<Endpoint, RelayBackend> known = [];
        return socket => known.GetOrAdd(socket, added => new RelayBackend(added));
    }

    private static Endpoint Socket(int id) => new(IPAddress.Parse($"10.0.0.{id}"), 443, TransportProtocol.Tcp);

    /// <summary>A table of backends 1, 2 ..., each written as "NAME NAME|PROTOCOL PROTOCOL".</summary>
    private static RelayTable Table(params string[] backends)
    {
        ImmutableDictionary<uint, Endpoint> all = backends.Index().ToImmutableDictionary(
            b => (uint)b.Index + 1, b => Socket(b.Index + 1));
        return RelayTable.Empty with
        {
            Backends = all,
            Slots = [.. all.Keys.Select(id => new Slot(id, id, false))],
            Tls = backends.Index().Where(b => b.Item.Length > 0).ToImmutableDictionary(b => all[(uint)b.Index + 1], b =>
            {
                string[] parts = b.Item.Split('|');
                return new TlsMatch([.. Words(parts[0])], parts.Length > 1 ? [.. Words(parts[1])] : []);
            }),
        };
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
