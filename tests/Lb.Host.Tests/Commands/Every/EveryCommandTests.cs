using Lb.Actors;
using Lb.Host.Api;
using Lb.Host.Commands;
using HostCommand = Lb.Host.Commands.Command;

namespace Lb.Host.Tests.Commands.Every;

/// <summary>
/// Every command of every palette, given wrong through the real <c>pbm</c>: its exit code, a sentence that names the thing,
/// what to do; and nothing has changed. Commands come from what the node declares, so a new one is in here at once.
/// </summary>
public sealed class EveryCommandTests(CommandSite site) : IClassFixture<CommandSite>
{
    private const int Usage = 2;
    private const int NoConnection = 3;
    private const int Refused = 4;
    private const string Unknown = "nosuch";
    private const string UnknownRevision = "99";

    /// <summary>What stands for something of the node that has to be there; other hints are words of the command itself.</summary>
    private static readonly string[] s_names = ["service", "backend", "with", "name", "category"];
    private static readonly string[] s_revisions = ["revision", "from", "to"];

    private string Admin => site.Token(AccessRole.Admin);

    [Fact]
    public Task Switch_that_no_command_has_is_wrong_usage() => AllFailAsync(
        from known in WellFormed.Commands
        select new PbmLine([.. WellFormed.Line(known.Name, known.Command), "--frobnicate"], Admin, [Usage], known.Name, "--frobnicate"));

    [Fact]
    public Task Argument_that_is_missing_is_wrong_usage() => AllFailAsync(
        from known in WellFormed.Commands
        from argument in known.Command.Arguments
        where argument.Mandatory
        select new PbmLine(
            WellFormed.Line(known.Name, known.Command, argument.Name), Admin, [Usage], known.Name, argument.Name));

    [Fact]
    public Task Word_too_many_is_wrong_usage() => AllFailAsync(
        from known in WellFormed.Commands
        select new PbmLine([.. WellFormed.Line(known.Name, known.Command), "surplus"], Admin, [Usage], "surplus"));

    [Fact]
    public Task Number_that_is_none_is_wrong_usage() => AllFailAsync(
        from known in WellFormed.Commands
        from argument in known.Command.Arguments
        where argument.Kind == ArgumentKind.Number
        from value in (string[])["many", "1.5", "99999999999999999999"]
        select new PbmLine(
            WellFormed.With(known.Name, known.Command, argument, $"--{argument.Name}", value),
            Admin, [Usage], argument.Name, value));

    [Fact]
    public Task Number_below_zero_is_refused() => AllFailAsync(
        from known in WellFormed.Commands
        from argument in known.Command.Arguments
        where argument.Kind == ArgumentKind.Number
        select new PbmLine(
            WellFormed.With(known.Name, known.Command, argument, $"--{argument.Name}", "-1"), Admin, [Usage, Refused], "-1"));

    [Fact]
    public Task Argument_given_twice_is_wrong_usage() => AllFailAsync(
        from known in WellFormed.Commands
        from argument in known.Command.Arguments
        where !argument.Repeatable && !IsCommon(known.Name, argument)
        let values = WellFormed.Values(known.Name, argument)
        select new PbmLine(
            WellFormed.With(known.Name, known.Command, argument, [.. values, .. values]),
            Admin, [Usage], $"--{argument.Name}", "twice"));

    [Fact]
    public Task Switch_without_its_value_is_wrong_usage() => AllFailAsync(
        from known in WellFormed.Commands
        from argument in known.Command.Arguments
        where !IsCommon(known.Name, argument)
        select new PbmLine(
            WellFormed.With(
                known.Name, known.Command, argument,
                argument.Kind == ArgumentKind.Flag ? $"--{argument.Name}=yes" : $"--{argument.Name}"),
            Admin, [Usage], $"--{argument.Name}", "value"));

    [Fact]
    public Task Name_that_nothing_has_is_refused_and_named() => AllFailAsync(
        from known in WellFormed.Commands
        from argument in known.Command.Arguments
        where argument.Hints is not null || s_revisions.Contains(argument.Name)
        let value = s_revisions.Contains(argument.Name) ? UnknownRevision : Unknown
        select new PbmLine(
            WellFormed.With(known.Name, known.Command, argument, $"--{argument.Name}", value),
            Admin,
            [s_names.Contains(argument.Name) || value == UnknownRevision ? Refused : Usage],
            value));

    [Fact]
    public Task Value_that_is_empty_is_not_taken() => AllFailAsync(
        from known in WellFormed.Commands
        from argument in known.Command.Arguments
        where argument.Kind == ArgumentKind.Text && argument.Name != CommandCall.Why
        select new PbmLine(
            WellFormed.With(known.Name, known.Command, argument, $"--{argument.Name}="),
            Admin, [Usage, Refused]));

    [Fact]
    public Task Without_a_host_every_command_says_so() => AllFailAsync(
        from known in WellFormed.Commands
        select new PbmLine(WellFormed.Line(known.Name, known.Command), Admin, [NoConnection], "No connection to 127.0.0.1:"),
        site.PbmToNobody);

    [Fact]
    public Task Without_a_token_no_command_is_carried_out() => AllFailAsync(
        from known in WellFormed.Commands
        select new PbmLine(WellFormed.Line(known.Name, known.Command), null, [Refused], "needs a token"));

    [Fact]
    public Task With_the_token_of_a_lesser_role_no_command_is_carried_out() => AllFailAsync(
        from known in WellFormed.Commands
        from role in (AccessRole[])[AccessRole.Read, AccessRole.Operate]
        where role < known.Command.Role
        select new PbmLine(
            WellFormed.Line(known.Name, known.Command), site.Token(role), [Refused],
            known.Name, $"needs the role {Word.Of(known.Command.Role)}", $"has {Word.Of(role)}"));

    [Fact]
    public async Task Token_that_was_never_made_lets_nobody_in() => Assert.Empty(await site.Pbm.FailuresAsync(
        from known in WellFormed.Commands.Take(1)
        select new PbmLine(WellFormed.Line(known.Name, known.Command), site.Stranger, [Refused], "is unknown or was revoked")));

    /// <summary>So that it is known that each line above fails by the one thing that is wrong with it.</summary>
    [Fact]
    public async Task Lines_that_faults_are_made_of_are_carried_out()
    {
        CommandSite own = new();
        try
        {
            await own.InitializeAsync();
            foreach ((string name, HostCommand command) in WellFormed.Commands)
            {
                await RunAsync(own, name, command);
            }
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private static async Task RunAsync(CommandSite own, string name, HostCommand command)
    {
        string[] plan = [.. command.Arguments.Where(a => a.Name == Arguments.Plan.Name).Select(a => $"--{a.Name}")];
        string[] words = [.. WellFormed.Line(name, command), .. plan];
        (int exitCode, string output, string error) = await own.Pbm.RunAsync(words, own.Token(command.Role));
        if (name is "cluster leave" or "cluster down")
        {
            // The node is alone, which is all that it can say.
            Assert.True(exitCode == Refused && error.Contains("this node is alone"), $"{name}: {exitCode} {error}");
            return;
        }

        if (name == "flow show")
        {
            // No flow is tracked here, which is all that it can say.
            Assert.True(exitCode == Refused && error.Contains("the flow is not tracked"), $"{name}: {exitCode} {error}");
            return;
        }

        Assert.True(
            exitCode == 0 && error.Length == 0 && (output.Length > 0 || command.Stream is not null),
            $"pbm {string.Join(' ', words)} ended with {exitCode}: {error}{output}");
    }

    /// <summary>Arguments of every change are declared once: to try them with one command is to try them with all.</summary>
    private static bool IsCommon(string name, ArgumentSpec argument) => name != "backend weight"
        && (argument == Arguments.Why || argument == Arguments.Plan || argument == Arguments.Force || argument == Arguments.Expect);

    private async Task AllFailAsync(IEnumerable<PbmLine> lines, Pbm? pbm = null)
    {
        string before = await site.StateAsync();
        IReadOnlyCollection<string> failures = await (pbm ?? site.Pbm).FailuresAsync(lines);
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.Equal(before, await site.StateAsync());
    }
}
