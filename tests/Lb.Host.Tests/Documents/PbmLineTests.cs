using System.Text.RegularExpressions;
using Lb.Docs;
using Lb.Pbm;
using Lb.Pbm.Calls;
using Lb.Pbm.Certificates;
using Lb.Pbm.CommandLine;
using Lb.Testing.Pages;

namespace Lb.Host.Tests.Documents;

/// <summary>What pages tell people to type is understood by a node of this version.</summary>
public sealed partial class PbmLineTests
{
    /// <summary>Its commands are run, wrong ones too.</summary>
    private const string Walk = "From install to rollback";

    private static readonly (string Page, int Line, string Command)[] s_lines =
        [.. ((string[])["operations.md", "README.md"]).SelectMany(LinesOf)];

    /// <summary>Page, line, command.</summary>
    public static TheoryData<string, int, string> Lines
    {
        get
        {
            TheoryData<string, int, string> rows = [];
            foreach ((string page, int line, string command) in s_lines)
            {
                rows.Add(page, line, command);
            }

            return rows;
        }
    }

    [Theory, MemberData(nameof(Lines))]
    public void Line_is_understood(string page, int line, string command)
    {
        try
        {
            var arguments = ClientArguments.Parse([.. LineWords.Split(command).Skip(1)], _ => null);
            if (CertificateCommands.Takes(arguments.Words))
            {
                CertificateCommands.Parse(arguments.Words, arguments.Options);
                return;
            }

            RequestParser.Parse(HostCatalogue.Read(), arguments.Words, arguments.Options);
        }
        catch (PbmException exception)
        {
            Assert.Fail($"{page}:{line}: {command}\n{exception.Problem.Detail} {exception.Problem.Mend}");
        }
    }

    [Fact]
    public void Lines_are_found_in_blocks_and_in_sentences_of_both_pages()
    {
        string[] commands = [.. s_lines.Select(line => line.Command)];
        Assert.Contains("""pbm backend drain web b1 --why "kernel update" """.Trim(), commands);
        Assert.Contains("pbm log level default", commands);
        Assert.True(commands.Length >= 12, $"{commands.Length} lines");
    }

    private static IEnumerable<(string Page, int Line, string Command)> LinesOf(string name)
    {
        var page = MarkdownPage.Read(typeof(PbmLineTests).Assembly, name);
        IReadOnlyList<CodeBlock> blocks = page.Blocks();
        HashSet<int> inBlocks = [.. blocks.SelectMany(block => Enumerable.Range(block.Line, block.Lines.Count))];
        IEnumerable<(string, int, string)> typed = blocks
            .Where(block => block.Section != Walk)
            .SelectMany(block => block.Lines.Select((text, at) => (Line: block.Line + at, Match: Typed().Match(text))))
            .Where(found => found.Match.Success)
            .Select(found => (name, found.Line, found.Match.Groups["command"].Value));
        IEnumerable<(string, int, string)> named = page.Lines
            .Select((text, at) => (Line: at + 1, Text: text))
            .Where(line => !inBlocks.Contains(line.Line))
            .SelectMany(line => Named().Matches(line.Text).Select(found => (name, line.Line, found.Groups["command"].Value)));
        return typed.Concat(named);
    }

    /// <summary>A line of a block, but for a synopsis, whose words stand in square brackets.</summary>
    [GeneratedRegex(@"^(\$ )?(?<command>pbm [a-z0-9-][^#]*?)\s*(#.*)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Typed();

    /// <summary>A command within a sentence.</summary>
    [GeneratedRegex(@"`(?<command>pbm [a-z-][^`]*)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();
}
