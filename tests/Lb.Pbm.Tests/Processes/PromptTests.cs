namespace Lb.Pbm.Tests.Processes;

/// <summary>pbm at work with a person: a real process on a real pseudo-terminal.</summary>
public sealed class PromptTests : IAsyncLifetime
{
    private readonly string _state = Directory.CreateTempSubdirectory("pbm-").FullName;
    private DeclaringHost _host = null!;

    private string Prompt => $"[{_host.Address}] pbm> ";

    public async Task InitializeAsync() => _host = await DeclaringHost.StartAsync();

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public void Command_is_completed_by_tab_run_and_recalled()
    {
        using Terminal terminal = Open();
        terminal.Type("ser", Terminal.Tab).WaitFor($"{Prompt}service ");
        terminal.Type("li", Terminal.Tab).WaitFor($"{Prompt}service list ");
        terminal.Type(Terminal.Enter).WaitFor("│ Service │ Flows │");
        Assert.Contains("│ web     │    12 │", terminal.WaitFor("2 services"));
        terminal.WaitFor(Prompt);
        terminal.Type(Terminal.Up).WaitFor($"{Prompt}service list ");
        terminal.Type(Terminal.Enter).WaitFor("2 services");
        Assert.Equal(2, _host.Received.Count);
        Leave(terminal);
    }

    [Fact]
    public void Several_ways_to_go_on_are_listed()
    {
        using Terminal terminal = Open();
        terminal.Type("service show ", Terminal.Tab).WaitFor("web        mail       two words");
        terminal.WaitFor($"{Prompt}service show ");
        terminal.Type("t", Terminal.Tab).WaitFor($"{Prompt}service show \"two words\" ");
        terminal.Type("--f", Terminal.Tab).WaitFor("--force ");
        _host.Answer("service/show", """{ "message": "It was shown.", "data": null }""");
        terminal.Type(Terminal.Enter).WaitFor("It was shown.");
        Assert.Equal(
            """{"arguments":{"service":["two words"],"force":["true"]}}""", Assert.Single(_host.Received).Body);
        Leave(terminal);
    }

    [Fact]
    public void Hints_are_those_that_the_host_has_after_a_command()
    {
        using Terminal terminal = Open();
        _host.Palettes = Declared.Json.Replace("\"mail\"", "\"news\"");
        terminal.Type("service list", Terminal.Enter).WaitFor("2 services");
        terminal.WaitFor(Prompt);
        terminal.Type("service show n", Terminal.Tab).WaitFor($"{Prompt}service show news ");
        Leave(terminal.Type(Terminal.CtrlC));
    }

    [Fact]
    public void Line_is_edited_where_the_cursor_is()
    {
        using Terminal terminal = Open();
        terminal.Type("srvice lit", Terminal.Left, "s", "\u0001", "\u001b[C", "e").WaitFor($"{Prompt}service list");
        terminal.Type(Terminal.Enter).WaitFor("2 services");
        Leave(terminal);
    }

    [Fact]
    public void Ctrl_C_gives_up_the_line_and_the_prompt_stays()
    {
        using Terminal terminal = Open();
        terminal.Type("service remove web").WaitFor($"{Prompt}service remove web");
        terminal.Type(Terminal.CtrlC).WaitFor("service remove web^C");
        terminal.WaitFor(Prompt);
        terminal.Type("service list", Terminal.Enter).WaitFor("2 services");
        Assert.Equal("service/list", Assert.Single(_host.Received).Path);
        Leave(terminal);
    }

    [Fact]
    public void Ctrl_C_ends_the_command_and_the_prompt_stays()
    {
        _host.Hang("service/show");
        using Terminal terminal = Open();
        terminal.Type("service show web", Terminal.Enter);
        Testing.Wait.Until(() => _host.Received.Count == 1, "the command reached the host", TimeSpan.FromSeconds(60));
        terminal.Type(Terminal.CtrlC).WaitFor("Interrupted.");
        terminal.WaitFor(Prompt);
        terminal.Type("service list", Terminal.Enter).WaitFor("2 services");
        Leave(terminal);
    }

    [Fact]
    public void Change_that_Ctrl_C_ended_may_have_been_made()
    {
        _host.Hang("service/remove");
        using Terminal terminal = Open();
        terminal.Type("service remove web", Terminal.Enter);
        Testing.Wait.Until(() => _host.Received.Count == 1, "the command reached the host", TimeSpan.FromSeconds(60));
        terminal.Type(Terminal.CtrlC).WaitFor("pbm: Interrupted. Whether the command was done is not known.");
        terminal.WaitFor(Prompt);
        Leave(terminal);
    }

    [Fact]
    public void Watch_is_drawn_anew_until_Ctrl_C()
    {
        using Terminal terminal = Open();
        terminal.Type("service list --watch 10ms", Terminal.Enter).WaitFor("service list, every 10 ms: ");
        terminal.WaitFor("2 services");
        terminal.WaitFor("service list, every 10 ms: ");
        terminal.WaitFor("2 services");
        Assert.Contains("\u001b[H\u001b[2J", terminal.Raw);
        terminal.Type(Terminal.CtrlC).WaitFor("Interrupted.");
        terminal.WaitFor(Prompt);
        Leave(terminal);
    }

    [Fact]
    public async Task Connection_that_is_lost_is_told_and_found_again()
    {
        using Terminal terminal = Open();
        string address = _host.Address;
        await _host.DisposeAsync();
        terminal.Type("service list", Terminal.Enter);
        terminal.WaitFor($"pbm: No connection to {address}: nothing listens there.");
        terminal.WaitFor(Prompt);
        _host = await DeclaringHost.StartAsync(address);
        terminal.Type(Terminal.Up, Terminal.Enter).WaitFor("2 services");
        Leave(terminal);
    }

    [Fact]
    public void What_fails_is_told_and_the_prompt_stays()
    {
        _host.Answer("service/remove", """{ "detail": "No.", "mend": "Ask." }""", 403);
        using Terminal terminal = Open();
        terminal.Type("service remove web", Terminal.Enter).WaitFor("pbm: No.\nAsk.\n");
        terminal.Type("service lsit", Terminal.Enter).WaitFor("Did you mean 'list'?");
        terminal.Type("service 'list", Terminal.Enter).WaitFor("pbm: A quote in 'list is not closed.");
        terminal.Type("help service list", Terminal.Enter).WaitFor("All services. It changes nothing");
        Leave(terminal);
    }

    [Fact]
    public void Lines_are_remembered_by_the_next_pbm()
    {
        using (Terminal first = Open())
        {
            first.Type("service list", Terminal.Enter).WaitFor("2 services");
            Leave(first);
        }

        using Terminal second = Open();
        second.Type(Terminal.Up).WaitFor($"{Prompt}service list");
        second.Type(Terminal.CtrlC);
        Leave(second);
    }

    [Fact]
    public void Place_for_the_history_that_cannot_be_written_is_no_obstacle()
    {
        using var terminal = new Terminal([_host.Address], "/proc/nowhere");
        terminal.WaitFor(Prompt);
        terminal.Type("service list", Terminal.Enter).WaitFor("2 services");
        terminal.Type(Terminal.Up).WaitFor($"{Prompt}service list");
        Leave(terminal.Type(Terminal.CtrlC));
    }

    [Theory]
    [InlineData("exit")]
    [InlineData("quit")]
    public void Words_for_leaving_leave(string word)
    {
        using Terminal terminal = Open();
        terminal.Type(word, Terminal.Enter);
        Assert.Equal(0, terminal.WaitForEnd());
    }

    [Fact]
    public void No_connection_at_the_start_ends_with_3()
    {
        using var terminal = new Terminal(["127.0.0.1:1"], _state);
        Assert.Equal(3, terminal.WaitForEnd());
        Assert.Contains("pbm: No connection to 127.0.0.1:1", terminal.Text);
    }

    [Fact]
    public void Line_of_several_rows_stays_whole()
    {
        using Terminal terminal = Open();
        string words = string.Concat(Enumerable.Repeat("0123456789", 12));
        terminal.Type($"service show \"{words}", Terminal.Left, "x").WaitFor("x9");
        terminal.Type("\u0005\"", Terminal.Enter);
        Testing.Wait.Until(() => _host.Received.Count == 1, "the command reached the host", TimeSpan.FromSeconds(60));
        Assert.Contains($"{words[..^1]}x9", Assert.Single(_host.Received).Body);
        Leave(terminal);
    }

    [Fact]
    public void Colours_are_for_terminals_without_NO_COLOR()
    {
        using var coloured = new Terminal([_host.Address, "service", "list"], _state);
        Assert.Equal(0, coloured.WaitForEnd());
        Assert.Contains("\u001b[1mService", coloured.Raw);
        using var plain = new Terminal([_host.Address, "service", "list"], _state, ("NO_COLOR", "1"));
        Assert.Equal(0, plain.WaitForEnd());
        Assert.Contains("│ Service │ Flows │", plain.Raw);
        Assert.DoesNotMatch("\u001b\\[[0-9;]*m", plain.Raw);
    }

    private static void Leave(Terminal terminal)
    {
        terminal.Type(Terminal.CtrlD);
        Assert.Equal(0, terminal.WaitForEnd());
    }

    private Terminal Open()
    {
        var terminal = new Terminal([_host.Address], _state);
        terminal.WaitFor(Prompt);
        return terminal;
    }
}
