using Lb.Testing.Pages;

namespace Lb.Netns.Tests.Walk;

/// <summary>Console blocks are read as they are meant, and what is printed is held against all of what is said.</summary>
public sealed class ConsoleStepTests
{
    [Fact]
    public void Commands_have_their_host_their_document_their_exit_code_and_their_output()
    {
        IReadOnlyList<ConsoleStep> steps = Read(
            """
            $ cat > a <<'END'
            $ not a command
            END
            client$ curl \
              x # exits with 7
            one

            two
            $ true
            """);

        Assert.Equal(["cat > a <<'END'\n$ not a command\nEND", "curl \\\n  x # exits with 7", "true"], steps.Select(s => s.Command));
        Assert.Equal(["", "client", ""], steps.Select(s => s.Host));
        Assert.Equal([0, 7, 0], steps.Select(s => s.ExitCode));
        Assert.Equal([[], ["one", "", "two"], []], steps.Select(s => s.Output));
        Assert.Equal("page:13", steps[1].Place);
    }

    [Theory]
    [InlineData("")]
    [InlineData("only what is printed")]
    [InlineData("$ cat <<'END'\nwithout an end")]
    public void Block_without_a_whole_command_is_wrong(string text) => Assert.Throws<InvalidDataException>(() => Read(text));

    [Theory]
    [InlineData("a|b", "a|b", true)]
    [InlineData("a …|b", "a 17 s|b", true)]
    [InlineData("…|b", "x|y|b", true)]
    [InlineData("…|b", "b", true)]
    [InlineData("a|…", "a|x", true)]
    [InlineData("a|b", "a|x|b", false)]
    [InlineData("a|b", "b|a", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("a …|b", "a 17|s|b", false)]
    [InlineData("a", "a|b", false)]
    [InlineData("", "a", false)]
    [InlineData("a", "", false)]
    [InlineData("", "", true)]
    public void Printed_lines_match_only_what_is_said(string said, string printed, bool expected) =>
        Assert.Equal(expected, Printed.Matches(Lines(said), Lines(printed)));

    private static IReadOnlyList<ConsoleStep> Read(string text) =>
        ConsoleStep.Read("page", new CodeBlock("console", "Section", 10, text.Length == 0 ? [] : text.Split('\n')));

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.Split('|');
}
