namespace Lb.Actors.Tests;

/// <summary>Tokens of a site: what is kept of them, and what happens to them when the journal fails.</summary>
public sealed class TokenTests : IDisposable
{
    private readonly SiteDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public void A_token_is_known_until_it_is_revoked_and_then_who_did_it()
    {
        using Node node = Start();
        TokenBook made = Assert.IsType<TokenBook>(node.Ask(new AddToken(Token("ci"))));
        Assert.Equal("ci", made.Find("id-ci")?.Name);

        TokenBook left = Assert.IsType<TokenBook>(node.Ask(new RevokeToken("ci", Configs.Operator)));

        Assert.Null(left.Find("id-ci"));
        Assert.Equal("ops", Assert.Single(left.Revoked).Revoked?.Who);
    }

    [Fact]
    public void Tokens_survive_a_restart()
    {
        using (Node first = Start())
        {
            first.Ask(new AddToken(Token("ci")));
            first.Ask(new AddToken(Token("gone")));
            first.Ask(new RevokeToken("gone", Configs.Operator));
        }

        using Node second = Start();
        TokenBook book = Assert.IsType<TokenBook>(second.Ask(new GetTokens()));
        AccessToken known = Assert.Single(book.Tokens.Values);
        Assert.Equal(Token("ci").Hash.AsEnumerable(), known.Hash);
        Assert.Equal(Configs.Operator, known.Added);
        Assert.Equal("gone", Assert.Single(book.Revoked).Name);
    }

    [Fact]
    public void A_name_is_given_once_and_what_is_not_there_is_not_revoked()
    {
        using Node node = Start();
        node.Ask(new AddToken(Token("ci")));
        Assert.Contains("there is a token ci already", Reason(node.Ask(new AddToken(Token("ci")))));
        Assert.Contains("there is no token nope", Reason(node.Ask(new RevokeToken("nope", Configs.Operator))));
        node.Ask(new RevokeToken("ci", Configs.Operator));
        Assert.IsType<TokenBook>(node.Ask(new AddToken(Token("ci"))));
    }

    [Fact]
    public void Tokens_that_are_known_hold_on_while_the_journal_is_away_and_none_is_made()
    {
        using Node node = Start();
        node.Ask(new AddToken(Token("ci")));
        _database.Break();

        Assert.IsType<ConfigUnconfirmed>(node.Ask(new AddToken(Token("lost"))));
        Assert.IsType<ConfigUnavailable>(node.Ask(new RevokeToken("ci", Configs.Operator)));
        Assert.NotNull(Assert.IsType<TokenBook>(node.Ask(new GetTokens())).Find("id-ci"));

        _database.Mend();
        node.WaitFor(() => node.Ask(new AddToken(Token("again"))) is TokenBook, "tokens can be made again");
        Assert.Equal(["again", "ci"], Assert.IsType<TokenBook>(node.Ask(new GetTokens())).Tokens.Keys);
    }

    [Fact]
    public void Of_those_that_were_revoked_the_last_are_remembered_and_there_is_a_most_of_those_that_hold()
    {
        TokenBook book = TokenBook.Empty;
        for (int i = 0; i < TokenBook.Most; i++)
        {
            Assert.Null(book.Refusal(Token($"t{i}")));
            book = book.Apply(new TokenEvent.Added(Token($"t{i}")));
        }

        Assert.Contains("which is the most", book.Refusal(Token("one-more")));
        for (int i = 0; i <= TokenBook.MostRevoked; i++)
        {
            book = book.Apply(new TokenEvent.Revoked($"t{i}", Configs.Operator));
        }

        Assert.Equal(TokenBook.MostRevoked, book.Revoked.Length);
        Assert.Equal(("t1", "t200"), (book.Revoked[0].Name, book.Revoked[^1].Name));
    }

    private static AccessToken Token(string name) => new(
        name, $"id-{name}", [.. Enumerable.Range(0, 32).Select(i => (byte)i)], AccessRole.Operate, null, Configs.Operator);

    private static string Reason(object answer) => Assert.Single(Assert.IsType<ConfigRefused>(answer).Reasons);

    private Node Start()
    {
        Node node = new(Configs.Site(Configs.Service(Configs.Backend(1))), database: _database);
        node.WaitFor(() => node.Ask(new GetTokens()) is TokenBook, "the journal has been read");
        return node;
    }
}
