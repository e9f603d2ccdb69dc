using System.Buffers.Text;
using System.Text;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary><c>?cursor=</c>: where the page before ended. It comes from the header <see cref="Header"/> of that page and means nothing to the caller; a page
/// after it holds what came after its last entry, whatever was added at the front meanwhile.</summary>
/// <param name="After">The last entry of the page before; null begins.</param>
public readonly record struct PageCursor(string? After)
{
    /// <summary>The header with the cursor of the next page; not there on the last one.</summary>
    public const string Header = "X-Next-Cursor";

    private const int LengthMax = 400;

    /// <summary>The same as a number; 0 at the beginning and for what is none.</summary>
    public long Number => long.TryParse(After, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long number) ? number : 0;

    /// <summary>Reads it from a request.</summary>
    /// <exception cref="ProblemException">APP-2023: it was not made by this program.</exception>
    public static ValueTask<PageCursor> BindAsync(HttpContext context)
    {
        string? text = context.Request.Query["cursor"];
        if (text is null)
        {
            return new(new PageCursor(null));
        }

        byte[] bytes = new byte[LengthMax];
        return text.Length is > 0 and <= LengthMax && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out int written) && written > 1 && bytes[0] == (byte)'>'
            ? new(new PageCursor(Encoding.UTF8.GetString(bytes, 1, written - 1)))
            : throw new ProblemException("APP-2023", $"'{text}' is no cursor of this list.", "cursor", $"Send what the header {Header} of the page before said, or leave it out.", ExitCode.BadUsage);
    }

    /// <summary>Says where the next page begins, where there may be one.</summary>
    /// <param name="context">The request.</param>
    /// <param name="page">The entries of this page.</param>
    /// <param name="limit">How many there may be at most.</param>
    /// <param name="idOf">The id of an entry.</param>
    public static IReadOnlyList<T> Tell<T>(HttpContext context, IReadOnlyList<T> page, int limit, Func<T, string> idOf)
    {
        if (page.Count == limit && page is [.., var last])
        {
            string cursor = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(">" + idOf(last)));
            context.Response.Headers[Header] = cursor;
            QueryString query = QueryString.Create(context.Request.Query.Where(q => q.Key != "cursor").Append(new("cursor", cursor)));
            context.Response.Headers.Link = $"<{context.Request.PathBase.Add(context.Request.Path)}{query}>; rel=\"next\"";
        }

        return page;
    }
}
