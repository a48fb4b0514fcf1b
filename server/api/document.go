package api

import (
	"cmp"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/webhook"
	"buktihadir/templates"
)

// readable is the document as a page shows it, with no script of anybody's.
type readable struct {
	About      string
	Operations []readableOp
	Scopes     []account.TokenScope
	Topics     []models.Topic
}

type readableOp struct {
	ID, Method, Path, Tag, Summary, Details string
	Scope                                   account.TokenScope
	Parameters                              []readableParameter
	Body                                    bool
}

type readableParameter struct{ Name, In, Doc string }

func (a *API) readable() readable {
	doc := a.Document()
	r := readable{About: doc.Info.Description, Scopes: account.TokenScopes(), Topics: models.Topics()}
	for path, item := range doc.Paths {
		for method, o := range Operations(item) {
			one := readableOp{ID: o.OperationID, Method: method, Path: Root + path, Tag: o.Tags[0], Summary: o.Summary, Details: o.Description,
				Scope: scopeOf(o), Body: o.RequestBody != nil}
			for _, p := range o.Parameters {
				one.Parameters = append(one.Parameters, readableParameter{p.Name, p.In, p.Description})
			}
			r.Operations = append(r.Operations, one)
		}
	}
	slices.SortFunc(r.Operations, func(x, y readableOp) int {
		return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(x.Method, y.Method))
	})
	return r
}

// describeWebhooks adds the webhook messages to the OpenAPI document, from the types that
// they are made of.
func (a *API) describeWebhooks() {
	doc := a.Document()
	doc.Webhooks = map[string]*huma.PathItem{}
	for topic, message := range map[models.Topic]reflect.Type{
		models.TopicAttendance: reflect.TypeFor[webhook.Message[webhook.AttendanceData]](),
		models.TopicCompletion: reflect.TypeFor[webhook.Message[webhook.CompletionData]](),
		models.TopicClass:      reflect.TypeFor[webhook.Message[webhook.ClassData]](),
	} {
		schema := doc.Components.Schemas.Schema(message, true, "")
		header := func(name, about string) *huma.Param {
			return &huma.Param{Name: name, In: "header", Description: about, Required: true, Schema: &huma.Schema{Type: huma.TypeString}}
		}
		doc.Webhooks[string(topic)] = &huma.PathItem{Post: &huma.Operation{
			OperationID: "told-" + strings.ReplaceAll(string(topic), ".", "-"), Summary: a.Set.Texts.T(templates.English, "topic."+string(topic)),
			Parameters: []*huma.Param{header("webhook-id", "The message's; the same when it comes again"), header("webhook-timestamp", "Of the attempt, in seconds"),
				header("webhook-signature", "v1, and the HMAC-SHA256 of id, timestamp and body, as Standard Webhooks has it")},
			RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}},
			Responses:   map[string]*huma.Response{"2XX": {Description: "The message is stored. Anything else, and it is sent again."}},
		}}
	}
}

// Operations are the operations at one path of the document, by method.
func Operations(item *huma.PathItem) map[string]*huma.Operation {
	all := map[string]*huma.Operation{
		http.MethodGet: item.Get, http.MethodPut: item.Put, http.MethodPost: item.Post, http.MethodDelete: item.Delete, http.MethodPatch: item.Patch,
		http.MethodHead: item.Head, http.MethodOptions: item.Options, http.MethodTrace: item.Trace,
	}
	for method, o := range all {
		if o == nil {
			delete(all, method)
		}
	}
	return all
}
