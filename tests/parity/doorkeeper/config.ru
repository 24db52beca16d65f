# A minimal Rails application with the real Doorkeeper: the applications and scopes of cast.ts, four resources, a reset.
# Environment: CAST (JSON), DATABASE (path of a file that may be made).
require 'json'
require 'rails'
require 'active_record/railtie'
require 'action_controller/railtie'
require 'doorkeeper'

CAST = JSON.parse(ENV.fetch('CAST'))
ENV['DATABASE_URL'] = "sqlite3:#{ENV.fetch('DATABASE')}"

class ParityApp < Rails::Application
  config.load_defaults 6.1
  config.eager_load = false
  config.secret_key_base = 'parity'
  config.root = File.dirname(ENV.fetch('DATABASE'))
  config.hosts.clear
  config.consider_all_requests_local = false
  # Header fields of Rails' own, which belong to the application: nobody publishes which of them SIPSIM keeps.
  config.action_dispatch.default_headers = {}
  config.middleware.delete Rack::Runtime
  config.middleware.delete Rack::ETag
  config.middleware.delete ActionDispatch::RequestId
  config.logger = ActiveSupport::Logger.new($stderr, level: :error)
end

class Current
  class << self
    attr_accessor :life
  end
end

Doorkeeper.configure do
  orm :active_record
  base_controller 'ActionController::API'
  grant_flows %w[client_credentials]
  default_scopes(*CAST['defaultScopes'])
  optional_scopes(*(CAST['scopes'] - CAST['defaultScopes']))
  # An application that may not use the grant, as the vendor's unauthorized_client has it.
  allow_grant_flow_for_client { |_flow, client| client.uid != CAST['noGrant'] }
  custom_access_token_expires_in { |_context| Current.life }
end

ParityApp.initialize!

ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table :oauth_applications, force: true do |t|
    t.string :name, :uid, :secret, null: false
    t.text :redirect_uri
    t.string :scopes, null: false, default: ''
    t.boolean :confidential, null: false, default: true
    t.timestamps
  end
  create_table :oauth_access_tokens, force: true do |t|
    t.references :resource_owner
    t.references :application
    t.string :token, null: false
    t.string :refresh_token, :scopes
    t.integer :expires_in
    t.datetime :revoked_at
    t.datetime :created_at, null: false
    t.string :previous_refresh_token, null: false, default: ''
  end
  create_table(:oauth_access_grants, force: true) { |t| t.string :token }
end
Doorkeeper::AccessToken.reset_column_information
CAST['clients'].each do |client|
  Doorkeeper::Application.create!(
    name: client['clientId'], uid: client['clientId'], secret: client['clientSecret'],
    redirect_uri: '', scopes: client['scopes'].join(' ')
  )
end

class ResourcesController < ActionController::API
  before_action(only: :account) { doorkeeper_authorize! :'account.read' }
  before_action(only: :tags) { doorkeeper_authorize! :'tags.read' }
  before_action(only: :call) { doorkeeper_authorize! :'calls.create', :'calls.write' }

  %i[account tags call].each do |name|
    define_method(name) { render json: {} }
  end
end

class ControlController < ActionController::API
  def alive
    head :no_content
  end

  def reset
    Doorkeeper::AccessToken.delete_all
    Current.life = params.fetch(:accessTokenLife, 7200).to_i
    head :no_content
  end
end

Rails.application.routes.draw do
  use_doorkeeper { skip_controllers :applications, :authorized_applications, :authorizations }
  get '/api/v2/account', to: 'resources#account'
  get '/api/v2/tags', to: 'resources#tags'
  post '/api/v2/calls', to: 'resources#call'
  post '/__reset', to: 'control#reset'
  get '/__alive', to: 'control#alive'
end

run Rails.application
