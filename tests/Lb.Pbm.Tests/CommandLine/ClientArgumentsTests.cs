using Lb.Pbm.CommandLine;

namespace Lb.Pbm.Tests.CommandLine;

public sealed class ClientArgumentsTests
{
    [Theory]
    [InlineData("127.0.0.1:9110")]
    [InlineData("10.0.0.1:80", "10.0.0.1:80")]
    [InlineData("node-1.example:80", "node-1.example:80")]
    [InlineData("10.0.0.1:9111", "10.0.0.1")]
    [InlineData("127.0.0.2:9110", "127.0.0.2")]
    [InlineData("localhost:9110", "localhost:9110")]
    [InlineData("localhost:9111", "https://localhost/")]
    [InlineData("[::1]:9110", "[::1]:9110")]
    [InlineData("[fd00::2]:9111", "[fd00::2]")]
    public void Address_stands_first_or_is_the_default(string address, params string[] words)
    {
        ClientArguments arguments = ClientArguments.Parse([.. words, "service", "list"], Nothing);
        Assert.Equal(address, arguments.Address.ToString());
        Assert.Equal(["service", "list"], arguments.Words);
    }

    [Fact]
    public void Address_of_the_environment_holds_unless_one_is_given()
    {
        Assert.Equal("node7:9111", ClientArguments.Parse(["service", "list"], Host("node7")).Address.ToString());
        Assert.Equal("10.0.0.1:80", ClientArguments.Parse(["10.0.0.1:80", "service"], Host("node7")).Address.ToString());
        Assert.Equal("127.0.0.1:9110", ClientArguments.Parse(["service"], Host(" ")).Address.ToString());
    }

    [Fact]
    public void Address_of_the_environment_that_is_none_is_told_as_such()
    {
        PbmException exception = Assert.Throws<PbmException>(() => ClientArguments.Parse(["service"], Host("a b")));
        Assert.Equal("PBM_HOST: 'a b' is no address of a host.", exception.Message);
    }

    [Theory]
    [InlineData("::1")]
    [InlineData("10.0.0.1:")]
    [InlineData("10.0.0.1:0")]
    [InlineData("10.0.0.1:65536")]
    [InlineData("10.0.0.1:+80")]
    [InlineData(":9110")]
    [InlineData("[::1")]
    [InlineData("[::1]9110")]
    [InlineData("[10.0.0.1]:80")]
    [InlineData("http://10.0.0.1:80")]
    [InlineData("a/b:80")]
    [InlineData("a b:80")]
    public void Address_that_is_none_is_wrong_usage(string word)
    {
        PbmException exception = Assert.Throws<PbmException>(() => ClientArguments.Parse([word], Nothing));
        Assert.Equal((ExitCode.Usage, "bad-address"), (exception.ExitCode, exception.Problem.Code));
        Assert.Equal($"'{word}' is no address of a host.", exception.Message);
    }

    [Fact]
    public void Options_before_the_palette_are_read()
    {
        ClientArguments arguments = ClientArguments.Parse(
            ["--output", "json", "--watch", "500ms", "h:1", "--timeout=1m", "service", "--list"], Nothing);
        Assert.Equal(
            new ClientOptions(OutputFormat.Json, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(1)),
            arguments.Options);
        Assert.Equal(["service", "--list"], arguments.Words);
    }

    [Theory]
    [InlineData(2_000, "--watch", "service")]
    [InlineData(2_000, "--watch")]
    [InlineData(5_000, "--watch", "5", "service")]
    [InlineData(1_500, "--watch=1.5s", "service")]
    [InlineData(3_600_000, "--watch", "1h", "service")]
    public void Interval_of_a_watch_may_be_left_away(int milliseconds, params string[] words) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), ClientArguments.Parse(words, Nothing).Options.Watch);

    [Theory]
    [InlineData("--output needs a value.", "--output")]
    [InlineData("--output cannot be 'xml'.", "--output", "xml")]
    [InlineData("--timeout needs a value.", "--timeout")]
    [InlineData("--timeout cannot be '0s'.", "--timeout", "0s")]
    [InlineData("--timeout cannot be '-1s'.", "--timeout", "-1s")]
    [InlineData("--timeout cannot be '9999h'.", "--timeout", "9999h")]
    [InlineData("--watch cannot be '2y'.", "--watch", "2y")]
    [InlineData("--watch cannot be ''.", "--watch=")]
    [InlineData("pbm has no option '--outptu'.", "--outptu", "json")]
    public void Option_that_is_wrong_is_named(string sentence, params string[] words)
    {
        PbmException exception = Assert.Throws<PbmException>(() => ClientArguments.Parse(words, Nothing));
        Assert.Equal((ExitCode.Usage, sentence), (exception.ExitCode, exception.Message));
        Assert.NotNull(exception.Problem.Mend);
    }

    [Fact]
    public void Option_with_a_typing_error_is_recognised()
    {
        PbmException exception = Assert.Throws<PbmException>(() => ClientArguments.Parse(["--outptu=json"], Nothing));
        Assert.Equal("Did you mean '--output'?", exception.Problem.Mend);
    }

    [Theory]
    [InlineData(false, "127.0.0.1:9110")]
    [InlineData(false, "[::1]")]
    [InlineData(false, "localhost")]
    [InlineData(true, "https://127.0.0.1:9110")]
    [InlineData(true, "https://[::1]")]
    [InlineData(true, "10.0.0.1:9110")]
    [InlineData(true, "[fd00::2]")]
    [InlineData(true, "node7:9110")]
    public void What_leaves_the_host_is_encrypted(bool isTls, string word) =>
        Assert.Equal(isTls, ClientArguments.Parse([word], Nothing).Address.Tls);

    [Fact]
    public void Token_and_authorities_come_from_options_or_the_environment()
    {
        static string? Environment(string name) => name switch
        {
            "PBM_TOKEN" => "lb_1",
            "PBM_TOKEN_FILE" => "/t",
            "PBM_CA" => " /ca ",
            _ => null,
        };
        Assert.Equal(new AccessOptions("/t", "lb_1", "/ca"), ClientArguments.Parse(["service"], Environment).Access);
        Assert.Equal(
            new AccessOptions("/other", null, "/mine"),
            ClientArguments.Parse(["--token-file", "/other", "--ca=/mine", "service"], Environment).Access);
        Assert.Equal(new AccessOptions(null, null, null), ClientArguments.Parse(["service"], Nothing).Access);
    }

    [Theory]
    [InlineData("--token-file")]
    [InlineData("--ca=")]
    public void File_that_is_not_named_is_wrong_usage(string word) =>
        Assert.Equal(
            "missing-value", Assert.Throws<PbmException>(() => ClientArguments.Parse([word], Nothing)).Problem.Code);

    private static string? Nothing(string name) => null;

    private static Func<string, string?> Host(string value) => name => name == "PBM_HOST" ? value : null;
}
