using Lb.Host.Configuration;
using Lb.Kernel;

namespace Lb.Host.Tests.Configuration;

/// <summary>QUIC by connection ID, in the configuration.</summary>
public sealed class QuicKeyTests
{
    private const string On = "protocol = udp, health.check = none, quic.server-id-length = 2";
    private const string Key = "lb.services.web";

    [Theory]
    [InlineData("quic.server-id-length = ▸16", "server-id-length", "16 is too large", "off or a whole number from 1 to 15", "range")]
    [InlineData("quic.server-id-length = ▸on", "server-id-length", "\"on\" is no whole number", "off or", "range")]
    [InlineData("quic.config-id = ▸7", "config-id", "7 is too large", "0 to 6", "range")]
    [InlineData("quic.config-id = ▸-1", "config-id", "-1 is too small", "0 to 6", "range")]
    [InlineData("▸quic.server-id = 1", "server-id", "is not known here", "server-id-length", "remove it")]
    [InlineData("quic.server-id-length = ▸2", "server-id-length", "the service is TCP", "no connection IDs", "remove quic.server-id-length")]
    [InlineData(
        "protocol = udp, mode = tproxy, health.check = none, quic.server-id-length = ▸2",
        "server-id-length", "the mode is tproxy", "by their address and port alone", "or use another mode")]
    public void Value_that_cannot_be_is_refused(string lines, string key, string problem, string expected, string mend) =>
        MarkedConfig.AssertError(
            MarkedConfig.Service(lines, "b1 { address = 10.0.2.11, server-id = \"0a01\" }"), $"{Key}.quic.{key}", problem, expected, mend);

    [Theory]
    [InlineData("server-id = ▸0a0", "\"0a0\" is no server ID", "1 to 15 bytes as hexadecimal digits", "two digits")]
    [InlineData("server-id = ▸\"0x01\"", "\"0x01\" is no server ID", "as in \"0a01\"", "two digits")]
    [InlineData("server-id = ▸\"\"", "\"\" is no server ID", "1 to 15 bytes", "two digits")]
    [InlineData("server-id = ▸\"000102030405060708090a0b0c0d0e0f\"", "is no server ID", "1 to 15 bytes", "two digits")]
    [InlineData("server-id = ▸\"0a\"", "0a has 1 byte", "2 bytes, as quic.server-id-length says (broken.conf:", "change quic.server-id-length")]
    [InlineData("server-id = ▸\"0a0102\"", "0a0102 has 3 bytes", "2 bytes", "as the server is configured")]
    public void Server_id_that_cannot_be_is_refused(string lines, string problem, string expected, string mend) =>
        MarkedConfig.AssertError(
            MarkedConfig.Service(On, $"b1 {{ address = 10.0.2.11, {lines} }}"), $"{Key}.backends.b1.server-id", problem, expected, mend);

    [Fact]
    public void Missing_server_id_is_reported_where_the_backend_opens() =>
        MarkedConfig.AssertError(
            MarkedConfig.Service(On, "b1 { address = 10.0.2.11, server-id = \"0a01\" }, ▸b2 { address = 10.0.2.12 }"),
            $"{Key}.backends.b2", "server-id is missing", "2 bytes", "server-id = \"0a0a\"");

    [Fact]
    public void Server_id_twice_in_a_pool_is_refused_and_both_are_named() =>
        MarkedConfig.AssertError(
            MarkedConfig.Service(On, "b1 { address = 10.0.2.11, server-id = \"0a01\" }, b2 { address = 10.0.2.12, server-id = ▸\"0A01\" }"),
            $"{Key}.backends.b2.server-id", "0a01 is the server ID of backend b1 already (broken.conf:", "one of its own", "give b2 another");

    [Theory]
    [InlineData("0a01")]
    [InlineData("1e02")] // no number in any notation
    [InlineData("0012")]
    public void Server_ids_are_bound_as_they_are_written(string id)
    {
        foreach (string text in (string[])[id, $"\"{id}\""])
        {
            var service = ConfigLoader.LoadText(
                MarkedConfig.Service(On + ", quic.config-id = 3", $"b1 {{ address = 10.0.2.11, server-id = {text} }}"), "x").Config!.Site.Services["web"];
            Assert.Equal(new QuicRouting(3, 2), service.Quic);
            Assert.Equal(id, $"{service.Backends["b1"].ServerId}");
        }
    }

    [Fact]
    public void Server_ids_may_stand_there_while_they_are_not_looked_at()
    {
        var service = ConfigLoader.LoadText(
            MarkedConfig.Service("quic.config-id = 3", "b1 { address = 10.0.2.11, server-id = \"0a01\" }, b2 { address = 10.0.2.12 }"), "x")
            .Config!.Site.Services["web"];
        Assert.Null(service.Quic);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        LoadedConfig config = ConfigLoader.LoadText(
            MarkedConfig.Service(On + ", quic.config-id = 6", "b1 { address = 10.0.2.11, server-id = \"0a01\" }"), "x").Config!;
        LoadResult again = ConfigLoader.LoadText(SiteRenderer.Render(config.Node, config.Site), "again");
        Assert.Empty(again.Issues);
        Assert.Equal(config.Site.Services["web"].Quic, again.Config!.Site.Services["web"].Quic);
        Assert.Equal("0a01", $"{again.Config.Site.Services["web"].Backends["b1"].ServerId}");
    }
}
