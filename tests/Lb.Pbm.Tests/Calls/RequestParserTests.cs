using Lb.Pbm.Calls;
using Lb.Pbm.CommandLine;

namespace Lb.Pbm.Tests.Calls;

public sealed class RequestParserTests
{
    [Theory]
    [InlineData("service list", "")]
    [InlineData("service show web", "service=web")]
    [InlineData("service show --service web", "service=web")]
    [InlineData("service show -service web", "service=web")]
    [InlineData("service show web -y because", "service=web;why=because")]
    [InlineData("service show -why because web", "service=web;why=because")]
    [InlineData("service show --why because web", "service=web;why=because")]
    [InlineData("service show --why=a=b web", "service=web;why=a=b")]
    [InlineData("service show --why=--x web", "service=web;why=--x")]
    [InlineData("service show web -d -3", "service=web;depth=-3")]
    [InlineData("service show web --force", "service=web;force=true")]
    [InlineData("service show -f web", "service=web;force=true")]
    [InlineData("service show web -t a --tag b", "service=web;tag=a,b")]
    [InlineData("service show -- --web", "service=--web")]
    [InlineData("service remove web mail", "service=web,mail")]
    [InlineData("backend weight web b1 0.5 --reason x", "service=web;backend=b1;weight=0.5;reason=x")]
    [InlineData("backend weight --backend b1 web 2 --reason x", "service=web;backend=b1;weight=2;reason=x")]
    [InlineData("doctor", "")]
    [InlineData("doctor --fix", "fix=true")]
    [InlineData("doctor run --fix", "fix=true")]
    public void Arguments_are_taken_by_order_or_name(string line, string expected)
    {
        Call call = Assert.IsType<Call>(Parse(line));
        Assert.Equal(
            expected.Split(';', StringSplitOptions.RemoveEmptyEntries).Order(),
            call.Arguments.Select(a => $"{a.Key}={string.Join(',', a.Value)}").Order());
    }

    [Theory]
    [InlineData("servcie list", "unknown-palette", "The host has no palette 'servcie'.", "Did you mean 'service'?")]
    [InlineData("zzzzzz", "unknown-palette", "The host has no palette 'zzzzzz'.",
        "It has: service, backend, doctor, help.")]
    [InlineData("service", "no-command", "'service' needs a command.", "It has: list, show, remove.")]
    [InlineData("service lsit", "unknown-command", "'service' has no command 'lsit'.", "Did you mean 'list'?")]
    [InlineData("doctor web", "unknown-command", "'doctor' has no command 'web'.", "It has: run.")]
    [InlineData("service list web", "too-many-arguments", "'service list' has no use for 'web'.",
        "Write service list.")]
    [InlineData("service show", "missing-argument", "'service show' needs a service.",
        "Write service show SERVICE [--why TEXT] [--depth NUMBER] [--tag TEXT]... [--force].")]
    [InlineData("backend weight web b1 1", "missing-argument", "'backend weight' needs --reason.",
        "Write backend weight SERVICE BACKEND WEIGHT --reason TEXT.")]
    [InlineData("service remove", "missing-argument", "'service remove' needs a service.",
        "Write service remove SERVICE....")]
    [InlineData("service show web --forse", "unknown-switch", "'service show' has no switch '--forse'.",
        "Did you mean '--force'?")]
    [InlineData("service show web -whi x", "unknown-switch", "'service show' has no switch '-whi'.",
        "Did you mean '-why'?")]
    [InlineData("service list --y", "unknown-switch", "'service list' has no switch '--y'.",
        "It has: --output, --watch, --timeout.")]
    [InlineData("service show web --why", "missing-value", "--why needs a value.", "Write it as in --why TEXT.")]
    [InlineData("service show web --why --force", "missing-value", "--why needs a value.",
        "Write it as in --why TEXT.")]
    [InlineData("service show web --force=yes", "bad-value", "--force takes no value.",
        "Write --force, or leave it away.")]
    [InlineData("service show web -d deep", "bad-value", "-d cannot be 'deep'.", "It is a number.")]
    [InlineData("backend weight web b1 heavy", "bad-value", "weight cannot be 'heavy'.", "It is a number.")]
    [InlineData("service show web --why a -y b", "repeated", "-y is given twice.", "Give it once.")]
    [InlineData("help a b c d", "too-many-arguments", "'c' is too much.",
        "Write 'help', a palette, and a command of it.")]
    public void What_is_wrong_is_said_in_one_sentence_with_a_mend(string line, string code, string detail, string mend)
    {
        PbmException exception = Assert.Throws<PbmException>(() => Parse(line));
        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.Equal((code, detail, mend), (exception.Problem.Code, exception.Problem.Detail, exception.Problem.Mend));
    }

    [Theory]
    [InlineData("help", null, null)]
    [InlineData("--help", null, null)]
    [InlineData("help service", "service", null)]
    [InlineData("service help", "service", null)]
    [InlineData("service --help", "service", null)]
    [InlineData("help service show", "service", "show")]
    [InlineData("service show help", "service", "show")]
    [InlineData("service show --help", "service", "show")]
    [InlineData("service show web -h", "service", "show")]
    public void Help_is_asked_for_in_each_place(string line, string? palette, string? command)
    {
        HelpRequest help = Assert.IsType<HelpRequest>(Parse(line));
        Assert.Equal((palette, command), (help.Palette?.Name, help.Command?.Name));
    }

    [Fact]
    public void Options_of_pbm_may_stand_behind_the_command()
    {
        Request request = Parse("service show web --output json --watch 1s");
        Assert.Equal((OutputFormat.Json, TimeSpan.FromSeconds(1)), (request.Options.Output, request.Options.Watch));
    }

    [Fact]
    public void Switch_that_the_host_declares_hides_an_option_of_pbm()
    {
        Call call = Assert.IsType<Call>(Parse("doctor run --output brief"));
        Assert.Equal(OutputFormat.Table, call.Options.Output);
        Assert.Equal(["brief"], call.Arguments["output"]);
    }

    [Fact]
    public void Help_names_arguments_with_default_and_hints()
    {
        string text = HelpText.For(Declared.Catalogue, Assert.IsType<HelpRequest>(Parse("help service show")));
        Assert.StartsWith("service show SERVICE [--why TEXT]", text);
        Assert.Contains("SERVICE             Name of the service. Mandatory. As in: web, mail, two words.", text);
        Assert.Contains("--depth NUMBER, -d  How deep. Default: 4. As in: 1, 2.", text);
        Assert.Contains("--tag TEXT, -t      A tag. May be repeated.", text);
    }

    private static Request Parse(string line) =>
        RequestParser.Parse(Declared.Catalogue, LineWords.Split(line), ClientOptions.Default);
}
